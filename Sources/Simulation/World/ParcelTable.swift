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
    private struct Entry: Sendable {
        var message: Message?
        /// Stands for the message in the digest.
        var word: UInt64
        /// What it weighs on the wire.
        var bytes: Int64
        /// It is between Raft nodes.
        var isRaft = true
        /// A request for a controller.
        var isForController = false
    }

    private var entries: ContiguousArray<Entry> = []
    /// A set bit for each number that is free, from the lowest, 64 to a word. A number that lies
    /// behind them all is free.
    private var free: ContiguousArray<UInt64> = []
    /// The first word of `free` that may have a set bit.
    private var firstFree = 0

    /// How many there are.
    var count: Int { entries.count - free.reduce(0) { $0 + $1.nonzeroBitCount } }

    mutating func add(_ request: consuming RaftRequest) -> ParcelID {
        var fingerprint = Fingerprint()
        request.fold(into: &fingerprint)
        let bytes = request.wireBytes
        return add(Entry(message: .request(request), word: fingerprint.value, bytes: bytes))
    }

    mutating func add(_ response: consuming RaftResponse) -> ParcelID {
        var fingerprint = Fingerprint()
        response.fold(into: &fingerprint)
        let bytes = response.wireBytes
        return add(Entry(message: .response(response), word: fingerprint.value, bytes: bytes))
    }

    mutating func add(_ command: consuming RaftInput) -> ParcelID {
        add(Entry(message: .command(command), word: 0, bytes: 0))
    }

    mutating func add(_ request: consuming ClusterRequest) -> ParcelID {
        var fingerprint = Fingerprint()
        request.fold(into: &fingerprint)
        let bytes = request.wireBytes
        var entry = Entry(word: fingerprint.value, bytes: bytes, isRaft: false)
        if case .controller = request { entry.isForController = true }
        entry.message = .call(request)
        return add(entry)
    }

    mutating func add(_ reply: consuming ClusterReply) -> ParcelID {
        var fingerprint = Fingerprint()
        reply.fold(into: &fingerprint)
        let bytes = reply.wireBytes
        return add(
            Entry(message: .result(reply), word: fingerprint.value, bytes: bytes, isRaft: false))
    }

    func isRaft(_ parcel: ParcelID) -> Bool { entries[Int(parcel.rawValue)].isRaft }

    func isForController(_ parcel: ParcelID) -> Bool {
        entries[Int(parcel.rawValue)].isForController
    }

    func word(_ parcel: ParcelID) -> UInt64 { entries[Int(parcel.rawValue)].word }

    func bytes(_ parcel: ParcelID) -> Int64 { entries[Int(parcel.rawValue)].bytes }

    subscript(parcel: ParcelID) -> Message { entries[Int(parcel.rawValue)].message! }

    mutating func take(_ parcel: ParcelID) -> Message {
        let place = Int(parcel.rawValue)
        let message = entries[place].message.take()!
        vacate(place)
        return message
    }

    mutating func drop(_ parcel: ParcelID) {
        entries[Int(parcel.rawValue)].message = nil
        vacate(Int(parcel.rawValue))
    }

    private mutating func add(_ entry: consuming Entry) -> ParcelID {
        while firstFree < free.count {
            let bits = free[firstFree]
            if bits == 0 {
                firstFree += 1
                continue
            }
            let place = firstFree << 6 | bits.trailingZeroBitCount
            free[firstFree] = bits & (bits &- 1)
            entries[place] = entry
            return ParcelID(Int32(place))
        }
        entries.append(entry)
        if entries.count > free.count << 6 { free.append(0) }
        return ParcelID(Int32(entries.count - 1))
    }

    private mutating func vacate(_ place: Int) {
        guard place == entries.count - 1 else {
            free[place >> 6] |= 1 << UInt64(place & 63)
            firstFree = min(firstFree, place >> 6)
            return
        }
        entries.removeLast()
        trim()
    }

    /// Free numbers at the end are forgotten.
    private mutating func trim() {
        while !entries.isEmpty {
            let last = entries.count - 1
            let bit: UInt64 = 1 << UInt64(last & 63)
            guard free[last >> 6] & bit != 0 else { break }
            free[last >> 6] &= ~bit
            entries.removeLast()
        }
        while free.count << 6 >= entries.count + 64, !free.isEmpty { free.removeLast() }
        firstFree = min(firstFree, free.count)
    }
}
