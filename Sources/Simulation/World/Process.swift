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
    /// By how much of that somebody has set it since the world began.
    var clockMoved = Interval.zero

    /// Work that waits for the thread; `inbox[inboxNext...]` is still to be done.
    var inbox: [Task] = []
    var inboxNext = 0
    /// The file that the thread waits for.
    var flushing: FileID?
    /// What is to be done when it is on the disk.
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

    /// Its side of the connections of its Raft node.
    var links = Links()

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

    /// How far a clock is ahead that nobody sets: Java's nanoTime.
    var steadyAhead: Interval { clockAhead - clockMoved }

    /// Whether a task can be worked on at once; otherwise it waits in the inbox.
    var canTakeUp: Bool { thread.isFree && thread.isIdle }

    /// Whether a task waits and the thread is free for it.
    var hasTask: Bool { thread.waiting > 0 && thread.isFree }

    mutating func enqueue(_ task: Task) {
        inbox.append(task)
        thread.waiting += 1
    }

    /// The next task, if there is one and the thread is free for it.
    mutating func nextTask() -> Task? {
        guard hasTask else { return nil }
        let task = inbox[inboxNext]
        inboxNext += 1
        thread.waiting -= 1
        if thread.waiting == 0 {
            inbox.removeAll(keepingCapacity: true)
            inboxNext = 0
        }
        return task
    }

    /// When the process must be woken, if the wake-up that is pending comes too late. The pending
    /// one is never later than it needs to be. It may be earlier: then it fires, finds nothing to
    /// do, and is set anew.
    @inline(__always)
    func wakeUp(neededFor deadline: Instant) -> Instant? {
        guard thread.isFree else { return nil }
        let due = min(ProcessClock.instant(of: deadline, ahead: clockAhead), links.deadline)
        return due < wakeAt ? due : nil
    }

    /// Asks to be woken then, and not before now.
    mutating func scheduleWake(
        at deadline: Instant, _ now: Instant, _ place: Int, _ queue: inout EventQueue<Event>
    ) {
        var due = deadline
        if due <= now {
            // One that asks to be woken at once, is, and asks again, would stop the world.
            due = isSpinning ? now + .milliseconds(1) : now
            isSpinning = true
        } else {
            isSpinning = false
        }
        wakeAt = due
        wakeHandle = queue.schedule(.wake(Int32(place), life: life), at: due)
    }

    mutating func forgetWake() {
        wakeHandle = nil
        wakeAt = .never
    }

    /// Begins to write a file to the disk; the thread waits for it unless that is done at once.
    mutating func beginFlush(
        _ file: FileID, logEnd: Int64, at now: Instant, _ choices: inout Choices
    ) -> Instant {
        let done = disk.beginFlush(file, at: now, by: actor, &choices)
        if file == .log { flushingLogEnd = logEnd }
        if done > now {
            flushing = file
            thread.isFlushing = true
        }
        return done
    }

    /// The file is on the disk, if that does not lie.
    mutating func finishFlush(_ file: FileID) {
        flushing = nil
        thread.isFlushing = false
        disk.finishFlush(file)
        if file == .log, !disk.lies { flushedLogEnd = flushingLogEnd }
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
