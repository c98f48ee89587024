import Synchronization

/// Ctrl-C: the first asks every run to stop where it is and report what it found; the second ends
/// the program at once.
enum Interrupts {
    private static let count = Atomic<Int>(0)

    static var requested: Bool { count.load(ordering: .relaxed) > 0 }

    static func listen() {
        let handler: @convention(c) (Int32) -> Void = { _ in
            if Interrupts.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
        }
        signal(SIGINT, handler)
        signal(SIGPIPE, SIG_IGN)
    }
}
