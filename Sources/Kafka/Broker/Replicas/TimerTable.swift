import Kernel

/// When each of a few things is to be done next. A later wish for one takes the place of the
/// earlier.
struct TimerTable<Task: Comparable & Sendable>: Sendable {
    private struct Timer: Sendable {
        var task: Task
        var at: Instant
    }

    /// In no order: they are few.
    private var timers: [Timer] = []
    private(set) var next = Instant.never

    mutating func set(_ task: Task, at instant: Instant) {
        if let index = timers.firstIndex(where: { $0.task == task }) {
            let wasNext = timers[index].at == next
            timers[index].at = instant
            if wasNext { findNext() }
        } else {
            timers.append(Timer(task: task, at: instant))
        }
        next = min(next, instant)
    }

    /// Of what is due, what was due first; of two at once the lesser.
    mutating func take(at now: Instant) -> Task? {
        guard next <= now else { return nil }
        var first = 0
        for index in timers.indices.dropFirst() {
            let (one, best) = (timers[index], timers[first])
            if (one.at, one.task) < (best.at, best.task) { first = index }
        }
        let task = timers[first].task
        timers[first] = timers[timers.count - 1]
        timers.removeLast()
        findNext()
        return task
    }

    mutating func remove(_ task: Task) {
        timers.removeAll { $0.task == task }
        findNext()
    }

    mutating func clockJumped(by jump: Interval) {
        for index in timers.indices { timers[index].at.shift(by: jump) }
        next.shift(by: jump)
    }

    private mutating func findNext() {
        next = timers.reduce(.never) { min($0, $1.at) }
    }
}
