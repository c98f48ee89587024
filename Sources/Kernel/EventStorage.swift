/// What stands before and after a slot in its list. Lists are rings, closed by a head that is a
/// link like any other, so that unlinking need not ask about the ends. The head of an empty list
/// means nothing.
@frozen
@usableFromInline
struct EventLink {
    @usableFromInline var next: UInt32
    @usableFromInline var previous: UInt32

    /// No slot.
    @inlinable static var none: UInt32 { .max }

    @inlinable
    init(next: UInt32, previous: UInt32) {
        self.next = next
        self.previous = previous
    }
}

/// Where things lie in the memory of an event queue: one block of plain words, so that a fork
/// copies it in one go, and behind them a reference to each chunk of payloads.
@frozen
@usableFromInline
struct EventMemory<Payload> {
    @usableFromInline typealias Chunk = PayloadChunk<Payload>

    /// Slots are numbered up to here, after the heads of the lists; a multiple of a chunk's length.
    @usableFromInline let capacity: Int
    /// For each level a bit a list: whether it holds something. The block begins here.
    @usableFromInline let busyLists: UnsafeMutablePointer<UInt64>
    @usableFromInline let links: UnsafeMutablePointer<EventLink>
    @usableFromInline let times: UnsafeMutablePointer<UInt64>
    /// How often each slot was freed.
    @usableFromInline let generations: UnsafeMutablePointer<UInt32>
    @usableFromInline let chunks: UnsafeMutablePointer<Chunk>

    /// Seven levels of 64 lists, and one list for what is more than 2^42 ns (73 minutes) away.
    @inlinable static var digitBits: Int { 6 }
    @inlinable static var farLevel: Int { 7 }
    @inlinable static var farList: Int { farLevel << digitBits }
    @inlinable static var firstSlot: Int { farList + Chunk.length }
    @inlinable static var busyBytes: Int { 64 }

    @inlinable
    init(capacity: Int) {
        let slots = capacity - Self.firstSlot
        let bytes = Self.busyBytes + capacity * 8 + slots * 12 + (slots >> Chunk.lengthBits) * 8
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        let timesBegin = block + Self.busyBytes + capacity * 8
        let generationsBegin = timesBegin + slots * 8
        self.capacity = capacity
        busyLists = block.assumingMemoryBound(to: UInt64.self)
        links = (block + Self.busyBytes).assumingMemoryBound(to: EventLink.self)
        times = timesBegin.assumingMemoryBound(to: UInt64.self) - Self.firstSlot
        generations = generationsBegin.assumingMemoryBound(to: UInt32.self) - Self.firstSlot
        chunks = (generationsBegin + slots * 4).assumingMemoryBound(to: Chunk.self)
            - Self.firstSlot >> Chunk.lengthBits
    }

    /// Heads of lists that hold nothing mean nothing, and most lists do.
    @inlinable
    func copyBusyHeads(of other: EventMemory) {
        for level in 0...Self.farLevel {
            var busy = busyLists[level]
            while busy != 0 {
                let list = level &<< Self.digitBits | busy.trailingZeroBitCount
                (links + list).initialize(to: other.links[list])
                busy &= busy &- 1
            }
        }
    }

    @inlinable var firstChunk: UnsafeMutablePointer<Chunk> {
        chunks + Self.firstSlot >> Chunk.lengthBits
    }

    /// The chunk of a slot, to be changed: a copy of it when another fork holds it too.
    @inlinable
    @inline(__always)
    func ownChunk(of slot: UInt32) -> Chunk {
        let place = chunks + Int(slot >> UInt32(Chunk.lengthBits))
        if !isKnownUniquelyReferenced(&place.pointee) { replaceChunk(of: slot) }
        return place.pointee
    }

    @inlinable
    @inline(never)
    func replaceChunk(of slot: UInt32) {
        let place = chunks + Int(slot) >> Chunk.lengthBits
        place.pointee = place.pointee.copy()
    }

    @inlinable
    func chunk(of slot: UInt32) -> Chunk {
        chunks[Int(slot) >> Chunk.lengthBits]
    }
}

/// Owns the memory of an event queue. Whoever changes anything makes sure first that the storage
/// is its own, and before it changes a payload, that the chunk is.
@usableFromInline
final class EventStorage<Payload> {
    @usableFromInline typealias Memory = EventMemory<Payload>

    @usableFromInline let memory: Memory
    @usableFromInline let chunkCount: Int

    @inlinable
    init() {
        memory = EventMemory(capacity: Memory.firstSlot + Memory.Chunk.length)
        memory.busyLists.initialize(repeating: 0, count: Memory.busyBytes / 8)
        memory.firstChunk.initialize(to: .make())
        chunkCount = 1
    }

    /// A copy with room for slots up to `capacity`; the other has used those up to `used`.
    @inlinable
    init(copying other: EventStorage, used: Int, capacity: Int) {
        memory = EventMemory(capacity: capacity)
        let first = Memory.firstSlot
        memory.busyLists.initialize(
            from: other.memory.busyLists, count: Memory.busyBytes / 8)
        memory.copyBusyHeads(of: other.memory)
        (memory.links + first).initialize(from: other.memory.links + first, count: used - first)
        (memory.times + first).initialize(from: other.memory.times + first, count: used - first)
        (memory.generations + first)
            .initialize(from: other.memory.generations + first, count: used - first)
        chunkCount = (capacity - first) >> Memory.Chunk.lengthBits
        memory.firstChunk.initialize(from: other.memory.firstChunk, count: other.chunkCount)
        for chunk in other.chunkCount..<chunkCount {
            (memory.firstChunk + chunk).initialize(to: .make())
        }
    }

    @inlinable
    deinit {
        memory.firstChunk.deinitialize(count: chunkCount)
        UnsafeMutableRawPointer(memory.busyLists).deallocate()
    }
}

/// Sixteen payloads, shared by the forks that have not changed one of them.
@usableFromInline
final class PayloadChunk<Payload>: ManagedBuffer<UInt64, Payload> {
    @inlinable static var lengthBits: Int { 4 }
    @inlinable static var length: Int { 1 << lengthBits }

    @inlinable
    static func make() -> PayloadChunk {
        unsafeDowncast(create(minimumCapacity: length) { _ in 0 }, to: PayloadChunk.self)
    }

    /// The header has one bit a place: whether it is filled.
    @inlinable
    func copy() -> PayloadChunk {
        let copy = PayloadChunk.make()
        withUnsafeMutablePointers { filled, places in
            copy.withUnsafeMutablePointers { copyFilled, copyPlaces in
                copyFilled.pointee = filled.pointee
                PayloadChunk.forEach(filled.pointee) {
                    (copyPlaces + $0).initialize(to: places[$0])
                }
            }
        }
        return copy
    }

    @inlinable
    static func forEach(_ filled: UInt64, _ body: (Int) -> Void) {
        var filled = filled
        while filled != 0 {
            body(filled.trailingZeroBitCount)
            filled &= filled &- 1
        }
    }

    @inlinable
    func store(_ payload: __owned Payload, _ slot: UInt32) {
        withUnsafeMutablePointers { filled, places in
            let place = Int(slot) & (PayloadChunk.length - 1)
            filled.pointee |= 1 &<< UInt64(place)
            (places + place).initialize(to: payload)
        }
    }

    @inlinable
    func take(_ slot: UInt32) -> Payload {
        withUnsafeMutablePointers { filled, places in
            let place = Int(slot) & (PayloadChunk.length - 1)
            filled.pointee &= ~(1 &<< UInt64(place))
            return (places + place).move()
        }
    }

    @inlinable
    func peek(_ slot: UInt32) -> Payload {
        withUnsafeMutablePointerToElements { $0[Int(slot) & (PayloadChunk.length - 1)] }
    }

    @inlinable
    deinit {
        withUnsafeMutablePointers { filled, places in
            PayloadChunk.forEach(filled.pointee) { (places + $0).deinitialize(count: 1) }
        }
    }
}
