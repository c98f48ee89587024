/// What will happen, in the order in which it will: by instant, and at the same instant in the
/// order of scheduling.
@frozen
public struct EventQueue<Payload: Sendable>: Sendable {
    /// A scheduled event, to cancel it by. Remains valid to ask about after the event is gone.
    @frozen
    public struct Handle: Hashable, Sendable {
        @usableFromInline var slot: UInt32
        @usableFromInline var generation: UInt32

        @inlinable
        init(slot: UInt32, generation: UInt32) {
            self.slot = slot
            self.generation = generation
        }
    }

    @usableFromInline var entries: ContiguousArray<(at: Instant, sequence: UInt64, Payload)> = []
    @usableFromInline var sequence: UInt64 = 0

    @inlinable
    public init() {}

    @inlinable public var count: Int { entries.count }
    @inlinable public var isEmpty: Bool { entries.isEmpty }

    /// When the next event happens.
    @inlinable public var nextInstant: Instant? { entries.last?.at }

    /// Precondition: not before an event that was already taken out.
    @discardableResult
    @inlinable
    public mutating func schedule(_ payload: Payload, at instant: Instant) -> Handle {
        let place = entries.lastIndex { $0.at > instant }.map { $0 + 1 } ?? 0
        entries.insert((instant, sequence, payload), at: place)
        sequence += 1
        return Handle(slot: UInt32(sequence - 1), generation: 0)
    }

    /// Takes an event back; nil when it already happened or was cancelled before.
    @discardableResult
    @inlinable
    public mutating func cancel(_ handle: Handle) -> Payload? {
        guard let place = entries.firstIndex(where: { $0.sequence == UInt64(handle.slot) })
        else { return nil }
        return entries.remove(at: place).2
    }

    /// When a scheduled event will happen; nil when it already did or was cancelled.
    @inlinable
    public func instant(of handle: Handle) -> Instant? {
        entries.first { $0.sequence == UInt64(handle.slot) }?.at
    }

    /// Takes out the next event.
    @inlinable
    public mutating func popNext() -> (at: Instant, payload: Payload)? {
        guard let last = entries.popLast() else { return nil }
        return (last.at, last.2)
    }

    /// Takes out the next event unless it lies after `limit`.
    @inlinable
    public mutating func popNext(notAfter limit: Instant) -> (at: Instant, payload: Payload)? {
        guard let next = nextInstant, next <= limit else { return nil }
        return popNext()
    }

    /// All that is pending, in the order in which it will happen: for people and for checks.
    public func inOrder() -> [(at: Instant, handle: Handle, payload: Payload)] {
        entries.reversed().map { ($0.at, Handle(slot: UInt32($0.sequence), generation: 0), $0.2) }
    }
}
