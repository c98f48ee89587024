/// What a process wants done, first in, first out. Taking the first one moves it: nothing is
/// copied, counted or shifted, and the memory serves again once everything has been taken.
@frozen
public struct Outbox<Effect: Sendable>: @unchecked Sendable {
    @usableFromInline var memory: OutboxMemory<Effect>

    @inlinable
    public init() {
        memory = .make(capacity: 8)
    }

    @inlinable public var count: Int { memory.filled.pointee.count }
    @inlinable public var isEmpty: Bool { count == 0 }

    /// All that is in it, in order: for those who look at it without taking anything.
    public var items: [Effect] {
        let (filled, places) = (memory.filled.pointee, memory.places)
        return (filled.first..<filled.end).map { places[$0] }
    }

    @inlinable
    public mutating func append(_ effect: __owned Effect) {
        if !isKnownUniquelyReferenced(&memory) || memory.filled.pointee.isFull {
            memory = memory.grown()
        }
        memory.append(effect)
    }

    @inlinable
    public mutating func popFirst() -> Effect? {
        if isEmpty { return nil }
        if !isKnownUniquelyReferenced(&memory) { memory = memory.grown() }
        return memory.takeFirst()
    }

    /// What was taken first a moment ago is the first again.
    @inlinable
    public mutating func putBack(_ effect: __owned Effect) {
        let rest = items
        removeAll()
        append(effect)
        for item in rest { append(item) }
    }

    @inlinable
    public mutating func removeAll() {
        if isEmpty { return }
        if isKnownUniquelyReferenced(&memory) { memory.removeAll() } else { self = Outbox() }
    }
}

/// The memory of an outbox. Whoever changes it makes sure first that it is its own.
@usableFromInline
final class OutboxMemory<Effect>: ManagedBuffer<OutboxRange, Effect> {
    @inlinable
    static func make(capacity: Int) -> OutboxMemory {
        let memory = create(minimumCapacity: capacity) { _ in OutboxRange(capacity: capacity) }
        return unsafeDowncast(memory, to: OutboxMemory.self)
    }

    // Through pointers: a class's own properties are watched for overlapping access.
    @inlinable
    @inline(__always)
    var places: UnsafeMutablePointer<Effect> { withUnsafeMutablePointerToElements { $0 } }

    @inlinable
    @inline(__always)
    var filled: UnsafeMutablePointer<OutboxRange> { withUnsafeMutablePointerToHeader { $0 } }

    /// A copy in which there is room for one more at least.
    @inlinable
    @inline(never)
    func grown() -> OutboxMemory {
        let (first, count) = (filled.pointee.first, filled.pointee.count)
        let copy = OutboxMemory.make(capacity: Swift.max(8, 2 * count))
        copy.places.initialize(from: places + first, count: count)
        copy.filled.pointee.end = count
        return copy
    }

    @inlinable
    func append(_ effect: __owned Effect) {
        (places + filled.pointee.end).initialize(to: effect)
        filled.pointee.end &+= 1
    }

    @inlinable
    func takeFirst() -> Effect {
        let place = places + filled.pointee.first
        filled.pointee.first &+= 1
        if filled.pointee.count == 0 { filled.pointee.reset() }
        return place.move()
    }

    @inlinable
    func removeAll() {
        (places + filled.pointee.first).deinitialize(count: filled.pointee.count)
        filled.pointee.reset()
    }

    @inlinable
    deinit {
        _ = withUnsafeMutablePointers { filled, places in
            (places + filled.pointee.first).deinitialize(count: filled.pointee.count)
        }
    }
}

/// The places from `first` up to `end` are filled.
@frozen
@usableFromInline
struct OutboxRange {
    @usableFromInline let capacity: Int
    @usableFromInline var first = 0
    @usableFromInline var end = 0

    @inlinable
    init(capacity: Int) {
        self.capacity = capacity
    }

    @inlinable var count: Int { end &- first }
    @inlinable var isFull: Bool { end == capacity }

    @inlinable
    mutating func reset() {
        first = 0
        end = 0
    }
}
