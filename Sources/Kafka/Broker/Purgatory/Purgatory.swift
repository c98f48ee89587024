import Kernel

/// The requests that wait: for replication, for data, for a low watermark (DelayedOperation and
/// its purgatories). The partitions that a request names know of it (`Watchers`); here lies the
/// request itself, and when its time is over.
struct Purgatory: Sendable {
    var produces = ForkableMap<OperationID, DelayedProduce>()
    var fetches = ForkableMap<OperationID, DelayedFetch>()
    var deletions = ForkableMap<OperationID, DelayedDeleteRecords>()
    private var deadlines = ForkableSet<Deadline>()
    private var nextID: UInt64 = 0
    /// The instant that was last wished for: a timer for it is set.
    private var alarm = Instant.never

    struct Deadline: Comparable, Sendable {
        var instant: Instant
        var operation: OperationID

        static func < (left: Deadline, right: Deadline) -> Bool {
            (left.instant, left.operation) < (right.instant, right.operation)
        }
    }

    var isEmpty: Bool { deadlines.isEmpty }

    mutating func newID() -> OperationID {
        nextID += 1
        return OperationID(rawValue: nextID)
    }

    /// The instant at which to look for what is over, if that is earlier than the one last wished
    /// for. Requests that are answered in time leave no timer behind.
    mutating func setDeadline(_ instant: Instant, of operation: OperationID) -> Instant? {
        deadlines.insert(Deadline(instant: instant, operation: operation))
        guard instant < alarm else { return nil }
        alarm = instant
        return instant
    }

    mutating func removeDeadline(_ instant: Instant, of operation: OperationID) {
        deadlines.remove(Deadline(instant: instant, operation: operation))
    }

    func firstExpired(at now: Instant) -> OperationID? {
        guard let first = deadlines.first, first.instant <= now else { return nil }
        return first.operation
    }

    mutating func clockJumped(by jump: Interval) {
        for id in produces.map(\.key) { produces[present: id].deadline.shift(by: jump) }
        for id in fetches.map(\.key) { fetches[present: id].deadline.shift(by: jump) }
        for id in deletions.map(\.key) { deletions[present: id].deadline.shift(by: jump) }
        var shifted = ForkableSet<Deadline>()
        for var deadline in deadlines {
            deadline.instant.shift(by: jump)
            shifted.insert(deadline)
        }
        deadlines = shifted
        alarm.shift(by: jump)
    }

    /// The alarm has gone off. When the next one is due.
    mutating func nextAlarm() -> Instant? {
        alarm = deadlines.first?.instant ?? .never
        return deadlines.isEmpty ? nil : alarm
    }
}
