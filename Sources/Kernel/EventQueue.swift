/// What will happen, in the order in which it will: by instant, and at the same instant in the
/// order of scheduling.
///
/// A timer wheel. Its lists are as wide as the powers of 64, so an event is filed by the highest
/// digit in which its instant differs from `base`: no comparison, no tuning, any spread of delays.
/// A list that comes due is spread over finer ones until one event stands out, and that happens to
/// an event as often as there are levels, at most. Cancelling unlinks at once: timers that are set
/// and never run out leave nothing behind. Payloads stay where they were put.
///
/// A fork copies a few kilobytes of plain words; payloads are shared in chunks, and copied a
/// chunk at a time when one side changes them.
///
/// Invariant: nothing lies before `base`; the events of a list agree in all higher digits, and
/// those of one instant lie in one list in the order of scheduling.
@frozen
public struct EventQueue<Payload: Sendable>: @unchecked Sendable {
    /// A scheduled event, to cancel it by. One whose event is gone matches no other, ever.
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

    @usableFromInline var storage: EventStorage<Payload>
    @usableFromInline var base: UInt64
    /// One bit a level of the wheel: whether any of its lists holds something.
    @usableFromInline var busyLevels: UInt32
    /// Free slots are a list through their `next`; slots from `usedSlots` on were never used.
    @usableFromInline var freeSlot: UInt32
    @usableFromInline var usedSlots: UInt32
    @usableFromInline var size: Int

    @inlinable
    public init() {
        storage = EventStorage()
        base = Instant.zero.wheelTime
        busyLevels = 0
        freeSlot = EventLink.none
        usedSlots = UInt32(EventMemory<Payload>.firstSlot)
        size = 0
    }

    @inlinable public var count: Int { size }
    @inlinable public var isEmpty: Bool { size == 0 }

    /// Precondition: the instant is not before the world began.
    @discardableResult
    @inlinable
    public mutating func schedule(_ payload: __owned Payload, at instant: Instant) -> Handle {
        precondition(instant >= .earliest, "nothing can happen before the world began")
        let slot = takeFreeSlot()
        let own = ownMemory()
        let time = instant.wheelTime
        if time < base { lowerBase(to: time, own) }
        own.times[Int(slot)] = time
        link(slot, time, own)
        size &+= 1
        own.ownChunk(of: slot).store(payload, slot)
        return Handle(slot: slot, generation: own.generations[Int(slot)])
    }

    /// Takes out the next event.
    @inlinable
    public mutating func popNext() -> (at: Instant, payload: Payload)? {
        popNext(notAfter: .never)
    }

    /// Takes out the next event unless it lies after `limit`.
    @inlinable
    public mutating func popNext(notAfter limit: Instant) -> (at: Instant, payload: Payload)? {
        guard limit >= .earliest else { return nil }
        let own = ownMemory()
        let last = limit.wheelTime
        guard let next = popSlot(notAfter: last, own) else { return nil }
        free(next.slot, own)
        let payload = own.ownChunk(of: next.slot).take(next.slot)
        return (Instant(wheelTime: next.time), payload)
    }

    /// Takes an event back; nil when it already happened or was taken back before.
    @discardableResult
    @inlinable
    public mutating func cancel(_ handle: Handle) -> Payload? {
        guard isPending(handle) else { return nil }
        let own = ownMemory()
        unlink(handle.slot, list(of: own.times[Int(handle.slot)]), own)
        free(handle.slot, own)
        return own.ownChunk(of: handle.slot).take(handle.slot)
    }

    @inlinable
    public func isPending(_ handle: Handle) -> Bool {
        handle.slot < usedSlots
            && storage.memory.generations[Int(handle.slot)] == handle.generation
    }

    /// When the event will happen; nil when it already did or was taken back.
    @inlinable
    public func instant(of handle: Handle) -> Instant? {
        guard isPending(handle) else { return nil }
        let time = storage.memory.times[Int(handle.slot)]
        return Instant(wheelTime: time)
    }

    /// When the next event happens.
    @inlinable
    public var nextInstant: Instant? {
        if size == 0 { return nil }
        let own = storage.memory
        let least = leastTime(inList: firstBusyList(own), own)
        return Instant(wheelTime: least)
    }

    /// All that is pending, in the order in which it will happen: for people and for checks.
    public func inOrder() -> [(at: Instant, handle: Handle, payload: Payload)] {
        var rest = self
        let own = storage.memory
        return (0..<size).map { _ in
            let next = rest.popSlot(notAfter: .max, rest.ownMemory())!
            let handle = Handle(
                slot: next.slot, generation: own.generations[Int(next.slot)])
            let at = Instant(wheelTime: next.time)
            return (at, handle, own.chunk(of: next.slot).peek(next.slot))
        }
    }
}

extension Instant {
    /// Nothing can be scheduled before: twelve days before the world's own zero.
    @inlinable public static var earliest: Instant { Instant(nanoseconds: -(1 << 50)) }

    /// As the wheel counts: from far enough before zero, and so that a few minutes to either side
    /// of zero are filed near each other.
    @inlinable
    @inline(__always)
    var wheelTime: UInt64 { UInt64(bitPattern: nanoseconds) &+ (1 << 51 | 1 << 40) }

    @inlinable
    @inline(__always)
    init(wheelTime time: UInt64) {
        self.init(nanoseconds: Int64(bitPattern: time &- (1 << 51 | 1 << 40)))
    }
}
