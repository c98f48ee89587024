import Kafka
import Kernel

/// What can happen next. Plain words: what a packet carries lies in the world's `parcels`.
enum Event: Sendable {
    case packet(Packet)
    case wake(Int32, life: UInt32)
    /// The flush that a process waits for is done.
    case flushed(Int32, life: UInt32)
    case start(Int32)
    case propose(Int32)
    case step(Int32)
    /// A standing fault has lasted as long as it should.
    case heal(Int32)
    /// A family of random faults strikes.
    case chaos(Int32)
    case chaosEnds
    /// A fault that is part of another, such as one clog of a swizzle.
    case delayed(Int32)
}

/// What a process finds when it looks for work: its one thread takes these in order.
enum Task: Sendable {
    case wake
    case request(ConnectionID, ParcelID)
    case answer(ConnectionID, ParcelID)
    case opened(ConnectionID)
    /// A connection was refused or broke.
    case broken(ConnectionID)
    case failed(CorrelationID)
    /// Something from inside the process or from its administrator.
    case command(ParcelID)
}

/// What a parcel holds.
enum Message: Sendable {
    case request(RaftRequest)
    case response(RaftResponse)
    case command(RaftInput)
}

/// The messages that exist, by number: under way, in a socket buffer, or in a process's inbox.
struct ParcelTable: Sendable {
    private var messages: [Message?] = []
    private var vacant: [Int32] = []

    /// How many there are.
    var count: Int { messages.count - vacant.count }

    mutating func add(_ message: consuming Message) -> ParcelID {
        if let place = vacant.popLast() {
            messages[Int(place)] = consume message
            return ParcelID(place)
        }
        messages.append(consume message)
        return ParcelID(Int32(messages.count - 1))
    }

    mutating func take(_ parcel: ParcelID) -> Message {
        vacant.append(parcel.rawValue)
        return messages[Int(parcel.rawValue)].take()!
    }

    subscript(parcel: ParcelID) -> Message { messages[Int(parcel.rawValue)]! }

    mutating func drop(_ parcel: ParcelID) {
        messages[Int(parcel.rawValue)] = nil
        vacant.append(parcel.rawValue)
    }
}
