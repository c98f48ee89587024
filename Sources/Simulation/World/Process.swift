import Kafka
import Kernel

/// The process around a Raft node: its thread, its clock, its disk, its connections, and the state
/// machine that the node serves. The node itself lies beside it, in `World.nodes`.
struct Process: Sendable {
    /// Its machine: the place of the node is that of its host.
    let host: HostID
    let actor: ActorID
    var port: Int32
    var thread = ThreadState()
    /// Counts its starts; what was scheduled for an earlier life is void.
    var life: UInt32 = 0
    /// How far the process's clock is ahead of the world's.
    var clockAhead: Interval

    /// Work that waits for the thread; `inbox[inboxNext...]` is still to be done.
    var inbox: [Task] = []
    var inboxNext = 0
    /// The file that the thread waits for.
    var flushing: FileID?
    /// What is to be done when it is on the disk, the first last.
    var effects = RaftEffects()

    /// The pending wake-up, if it is not `never`.
    var wakeAt = Instant.never
    var wakeHandle: EventQueue<Event>.Handle?
    /// The last wake-up had nothing to do and asked to come again at once.
    var isSpinning = false

    var disk: Disk
    /// Where the log ended when the last completed flush of it began. A lie does not count.
    var flushedLogEnd: Int64 = 0
    var flushingLogEnd: Int64 = 0
    /// A flipped bit, as a place among the log's bytes.
    var rottenByte: Int64?

    /// One for each destination that it has ever sent to.
    var channels: [Channel] = []
    /// No channel has to give anything up before this.
    var channelDeadline = Instant.never

    var machine = MetadataMachine()
    /// What the node was like after the last event.
    var summary = NodeSummary()

    init(host: HostID, actor: ActorID, clockAhead: Interval, disk: Disk) {
        self.host = host
        self.actor = actor
        self.clockAhead = clockAhead
        self.disk = disk
        port = 9093
    }

    /// Whether a task can be worked on at once; otherwise it waits in the inbox.
    mutating func takesUp(_ task: Task) -> Bool {
        if thread.isFree, thread.isIdle { return true }
        enqueue(task)
        return false
    }

    mutating func enqueue(_ task: Task) {
        inbox.append(task)
        thread.waiting += 1
    }

    /// The next task, if the thread is free for one.
    mutating func nextTask() -> Task? {
        guard thread.waiting > 0, thread.isFree else { return nil }
        let task = inbox[inboxNext]
        inboxNext += 1
        thread.waiting -= 1
        if thread.waiting == 0 {
            inbox.removeAll(keepingCapacity: true)
            inboxNext = 0
        }
        return task
    }

    /// When the process must be woken, if the wake-up that is pending comes too late; that one is
    /// to be cancelled. The pending one is never later than it needs to be. It may be earlier:
    /// then it fires, finds nothing to do, and is set anew.
    mutating func newWakeUp(
        for deadline: Instant, at now: Instant
    ) -> (at: Instant, cancelled: EventQueue<Event>.Handle?)? {
        guard thread.isFree else { return nil }
        var due = min(ProcessClock.instant(of: deadline, ahead: clockAhead), channelDeadline)
        if due >= wakeAt { return nil }
        if due <= now {
            // One that asks to be woken at once, is, and asks again, would stop the world.
            due = isSpinning ? now + .milliseconds(1) : now
            isSpinning = true
        } else {
            isSpinning = false
        }
        wakeAt = due
        return (due, wakeHandle)
    }

    /// Keeps what the node is like now; returns what it was like before.
    mutating func exchange(_ new: NodeSummary) -> NodeSummary {
        let old = summary
        summary = new
        return old
    }

    mutating func forgetTasks() {
        inbox = []
        inboxNext = 0
        thread.waiting = 0
    }
}

/// What a process's one thread is at. Plain words in a struct of their own: to look at them does
/// not copy the process.
struct ThreadState: Hashable, Sendable {
    /// It has been started, and has not ended.
    var isUp = false
    var isPaused = false
    /// It waits for the disk.
    var isFlushing = false
    /// How many tasks are in the inbox.
    var waiting = 0

    /// Whether it can take up work.
    var isFree: Bool { isUp && !isPaused && !isFlushing }
    var isIdle: Bool { waiting == 0 }
}

/// A process's clock shows a time of day, as Kafka's timers expect.
enum ProcessClock {
    /// What a right clock shows when the world begins.
    static let base = Interval.seconds(1_700_000_000)

    static func time(at now: Instant, ahead: Interval) -> Instant { now + base + ahead }

    /// When the world's clock shows what the process's clock calls `time`.
    static func instant(of time: Instant, ahead: Interval) -> Instant {
        guard time < .never else { return .never }
        return Instant(nanoseconds: time.nanoseconds - base.nanoseconds - ahead.nanoseconds)
    }
}

/// The client's side of a connection to one destination: Kafka's NetworkClient with one request in
/// flight (KafkaNetworkChannel, InterBrokerSendThread).
struct Channel: Sendable {
    /// A request that has not been sent yet.
    struct Unsent: Sendable {
        var parcel: ParcelID
        var correlation: CorrelationID
        var giveUpAt: Instant
    }

    let kind: RaftDestination.Kind
    var endpoint: Endpoint
    var connection = ConnectionID.none
    var isOpen = false
    /// The request that waits for its answer, and the API that it asked for.
    var inFlight: CorrelationID?
    /// When what goes on now (handshake or request) is given up.
    var giveUpAt = Instant.never
    /// Not dialled before this.
    var retryAt = Instant.zero
    /// Failed attempts in a row.
    var failures: Int64 = 0
    var unsent: [Unsent] = []

    init(_ destination: RaftDestination) {
        kind = destination.kind
        endpoint = destination.endpoint
    }

    /// The earliest instant at which something here has to be given up.
    var deadline: Instant {
        var earliest = giveUpAt
        for request in unsent where request.giveUpAt < earliest { earliest = request.giveUpAt }
        return earliest
    }
}
