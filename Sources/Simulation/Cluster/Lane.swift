import Kafka
import Kernel

/// Who works in a lane: its place among those of its kind.
enum Seat: Hashable, Sendable {
    case controller(Int)
    case broker(Int)
    case producer(Int)
    case consumer(Int)
    /// Whoever makes topics and changes settings.
    case administrator
}

/// A line of work in a process beside the thread of its Raft node: that of its controller, of its
/// broker, or of a client. It takes up work at once unless its process is paused.
struct Lane: Sendable {
    let seat: Seat
    /// Its process, by place.
    let process: Int
    let actor: ActorID
    /// What has come while the process was paused.
    var inbox: [LaneTask] = []
    /// Its side of connections.
    var links = Links()
    /// The next wake-up: never, if there is no handle to take it back by.
    private(set) var wakeAt = Instant.never
    private(set) var wakeHandle: EventQueue<Event>.Handle?
    /// The last wake-up had nothing to do and asked to come again at once.
    var isSpinning = false

    init(_ seat: Seat, process: Int, actor: ActorID) {
        self.seat = seat
        self.process = process
        self.actor = actor
    }

    mutating func setWake(_ handle: EventQueue<Event>.Handle, at instant: Instant) {
        wakeHandle = handle
        wakeAt = instant
    }

    mutating func forgetWake() {
        wakeHandle = nil
        wakeAt = .never
    }
}

/// What a lane is given to do.
enum LaneTask: Sendable {
    case wake
    case request(ConnectionID, ParcelID)
    case answer(ConnectionID, ParcelID)
    case opened(ConnectionID)
    case broken(ConnectionID)
    case failed(CorrelationID, LinkFailure)
    /// It is asked to end in order.
    case shutDown
    /// A thread of a broker that was held goes on.
    case resume(SuspensionID)
    case directoryFails(DirectoryID)

    var parcel: ParcelID? {
        switch self {
        case .request(_, let parcel), .answer(_, let parcel): parcel
        default: nil
        }
    }
}
