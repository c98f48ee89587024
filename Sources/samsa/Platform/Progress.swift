/// A line on standard error that says how far a long operation has come; only for a person who
/// looks at a terminal, and only ten times a second.
struct Progress {
    private let what: String
    private let total: UInt64
    private var shownAt: Int64 = 0
    private var shown = false

    init(_ what: String, of total: UInt64) {
        self.what = what
        self.total = total
    }

    mutating func show(done: UInt64, note: String = "") {
        guard Terminal.errorIsTerminal else { return }
        let now = WallClock.nanoseconds()
        guard now - shownAt > 100_000_000 else { return }
        shownAt = now
        shown = true
        let width = 30
        let filled = total == 0 ? width : Int(min(done, total) * UInt64(width) / total)
        let bar = String(repeating: "█", count: filled)
            + String(repeating: "·", count: width - filled)
        Terminal.write(Array("\r\u{1B}[K\(what) \(bar) \(done)/\(total) \(note)".utf8), to: 2)
    }

    func clear() {
        if shown { Terminal.write(Array("\r\u{1B}[K".utf8), to: 2) }
    }
}

/// Time outside the simulation: for progress and for measuring, never for anything that is printed
/// on standard output.
enum WallClock {
    static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Time that this process has spent at work: what a measurement reads, so that a busy machine,
/// which takes the processor away, does not make a build look slow.
enum ProcessorTime {
    static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
