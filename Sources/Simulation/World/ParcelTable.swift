import Kafka
import Kernel

/// What a parcel holds.
enum Message: Sendable {
    case request(RaftRequest)
    case response(RaftResponse)
    case command(RaftInput)
    /// Between lanes.
    case call(ClusterRequest)
    case result(ClusterReply)
}

/// The messages that exist, by number: under way, in a socket buffer, or in a process's inbox.
///
/// The lowest free number is given first and the table ends with the highest that is taken, so it
/// stays as short as it can be: a fork copies it.
struct ParcelTable: Sendable {
    /// What is to be known of a message without looking at it.
    private struct Label: Sendable {
        /// Stands for the message in the digest.
        var word: UInt64 = 0
        /// What it weighs on the wire.
        var bytes: Int64 = 0
        /// It is between Raft nodes.
        var isRaft = true
        /// A request for a controller.
        var isForController = false
    }

    /// Messages lie apart from their labels, so that one moves in and out and nothing else does,
    /// and a few to a chunk, so that after a fork only these are copied.
    private var chunks: ContiguousArray<ContiguousArray<Message?>> = []
    private var labels: ContiguousArray<Label> = []
    private static let chunkBits = 3
    private static let chunkMask = 1 << chunkBits - 1
    /// A set bit for each number that is free, from the lowest, 64 to a word. A number that lies
    /// behind them all is free.
    private var free: ContiguousArray<UInt64> = []
    /// The first word of `free` that may have a set bit.
    private var firstFree = 0

    /// How many there are.
    var count: Int { labels.count - free.reduce(0) { $0 + $1.nonzeroBitCount } }

    mutating func add(_ request: consuming RaftRequest) -> ParcelID {
        var fingerprint = Fingerprint()
        request.fold(into: &fingerprint)
        let place = takePlace(Label(word: fingerprint.value, bytes: request.wireBytes))
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = .request(consume request)
        return ParcelID(Int32(place))
    }

    mutating func add(_ response: consuming RaftResponse) -> ParcelID {
        var fingerprint = Fingerprint()
        response.fold(into: &fingerprint)
        let place = takePlace(Label(word: fingerprint.value, bytes: response.wireBytes))
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = .response(consume response)
        return ParcelID(Int32(place))
    }

    mutating func add(_ command: consuming RaftInput) -> ParcelID {
        let place = takePlace(Label())
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = .command(consume command)
        return ParcelID(Int32(place))
    }

    mutating func add(_ request: consuming ClusterRequest) -> ParcelID {
        var fingerprint = Fingerprint()
        request.fold(into: &fingerprint)
        var label = Label(word: fingerprint.value, bytes: request.wireBytes, isRaft: false)
        if case .controller = request { label.isForController = true }
        let place = takePlace(label)
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = .call(consume request)
        return ParcelID(Int32(place))
    }

    mutating func add(_ reply: consuming ClusterReply) -> ParcelID {
        var fingerprint = Fingerprint()
        reply.fold(into: &fingerprint)
        let place = takePlace(
            Label(word: fingerprint.value, bytes: reply.wireBytes, isRaft: false))
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = .result(consume reply)
        return ParcelID(Int32(place))
    }

    func isRaft(_ parcel: ParcelID) -> Bool { labels[Int(parcel.rawValue)].isRaft }

    func isForController(_ parcel: ParcelID) -> Bool {
        labels[Int(parcel.rawValue)].isForController
    }

    func word(_ parcel: ParcelID) -> UInt64 { labels[Int(parcel.rawValue)].word }

    func bytes(_ parcel: ParcelID) -> Int64 { labels[Int(parcel.rawValue)].bytes }

    subscript(parcel: ParcelID) -> Message {
        let place = Int(parcel.rawValue)
        return chunks[place >> Self.chunkBits][place & Self.chunkMask]!
    }

    mutating func take(_ parcel: ParcelID) -> Message {
        let place = Int(parcel.rawValue)
        let message = chunks[place >> Self.chunkBits][place & Self.chunkMask].take()!
        vacate(place)
        return message
    }

    mutating func drop(_ parcel: ParcelID) {
        let place = Int(parcel.rawValue)
        chunks[place >> Self.chunkBits][place & Self.chunkMask] = nil
        vacate(place)
    }

    /// A free number, for a message that comes next.
    private mutating func takePlace(_ label: Label) -> Int {
        while firstFree < free.count {
            let bits = free[firstFree]
            if bits == 0 {
                firstFree += 1
                continue
            }
            let place = firstFree << 6 | bits.trailingZeroBitCount
            free[firstFree] = bits & (bits &- 1)
            labels[place] = label
            return place
        }
        labels.append(label)
        if labels.count > chunks.count << Self.chunkBits {
            chunks.append(ContiguousArray(repeating: nil, count: 1 << Self.chunkBits))
        }
        if labels.count > free.count << 6 { free.append(0) }
        return labels.count - 1
    }

    private mutating func vacate(_ place: Int) {
        guard place == labels.count - 1 else {
            free[place >> 6] |= 1 << UInt64(place & 63)
            firstFree = min(firstFree, place >> 6)
            return
        }
        removeLast()
        trim()
    }

    /// Free numbers at the end are forgotten.
    private mutating func trim() {
        while !labels.isEmpty {
            let last = labels.count - 1
            let bit: UInt64 = 1 << UInt64(last & 63)
            guard free[last >> 6] & bit != 0 else { break }
            free[last >> 6] &= ~bit
            removeLast()
        }
        while free.count << 6 >= labels.count + 64, !free.isEmpty { free.removeLast() }
        firstFree = min(firstFree, free.count)
    }

    private mutating func removeLast() {
        labels.removeLast()
        // One chunk is kept for what comes next.
        if chunks.count > labels.count >> Self.chunkBits + 1 { chunks.removeLast() }
    }
}
