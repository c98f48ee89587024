import Kernel

/// A guarantee that was broken: data, never an `Error`. It carries its causes, the events that led
/// to it in order, so that the verdict explains itself.
public struct Violation: Equatable, Sendable {
    /// One event on the way to the violation, told in words.
    public struct Cause: Equatable, Sendable {
        public var at: Instant
        public var text: String

        public init(at: Instant, _ text: String) {
            self.at = at
            self.text = text
        }
    }

    public var guarantee: Guarantee
    /// When it was seen, and after how many events: "run --until" stops there.
    public var at: Instant
    public var event: UInt64
    /// What is wrong, in one line: "offset 49 is X on controller 1 and Y on controller 2".
    public var summary: String
    public var causes: [Cause]

    public init(
        _ guarantee: Guarantee, at: Instant, event: UInt64, summary: String, causes: [Cause]
    ) {
        self.guarantee = guarantee
        self.at = at
        self.event = event
        self.summary = summary
        self.causes = causes
    }
}

extension [Violation.Cause] {
    /// What happened at the same time stays as it was.
    var inOrderOfTime: Self {
        enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }
}
