/// What stands before and after a slot in its list. Lists are rings, closed by a head that is a
/// link like any other, so that linking and unlinking need not ask about the ends.
@frozen
@usableFromInline
struct EventLink {
    @usableFromInline var next: UInt32
    @usableFromInline var previous: UInt32

    /// No slot.
    @inlinable static var none: UInt32 { .max }
    /// In place of `previous` while the slot stands in the front.
    @inlinable static var inFront: UInt32 { .max - 1 }

    @inlinable
    init(next: UInt32, previous: UInt32) {
        self.next = next
        self.previous = previous
    }
}

@frozen
@usableFromInline
struct FrontEntry {
    @usableFromInline var time: UInt64
    @usableFromInline var slot: UInt32

    @inlinable
    init(time: UInt64, slot: UInt32) {
        self.time = time
        self.slot = slot
    }
}

/// Where things lie in the memory of an event queue: one block of plain words, so that a fork
/// copies it in one go, and behind them a reference to each chunk of payloads.
@frozen
@usableFromInline
struct EventMemory<Payload> {
    @usableFromInline typealias Chunk = PayloadChunk<Payload>

    @usableFromInline let block: UnsafeMutableRawPointer
    /// Slots are numbered up to here, after the heads of the lists; a multiple of a chunk's length.
    @usableFromInline let capacity: Int

    /// Seven levels of 64 lists, and one list for what is more than 2^42 ns (73 minutes) away.
    @inlinable static var digitBits: Int { 6 }
    @inlinable static var farLevel: Int { 7 }
    @inlinable static var farList: Int { farLevel << digitBits }
    @inlinable static var firstSlot: Int { farList + Chunk.length }
    @inlinable static var frontCapacity: Int { 32 }

    @inlinable static var frontOffset: Int { 64 }
    @inlinable static var linksOffset: Int { frontOffset + frontCapacity * 16 }
    @inlinable var timesOffset: Int { Self.linksOffset + capacity * 8 }
    @inlinable var generationsOffset: Int { timesOffset + capacity * 8 }
    @inlinable var chunksOffset: Int { generationsOffset + capacity * 4 }

    @inlinable
    init(capacity: Int) {
        self.capacity = capacity
        let bytes = Self.linksOffset + capacity * 20 + (capacity >> Chunk.lengthBits) * 8
        block = .allocate(byteCount: bytes, alignment: 16)
    }

    /// For each level a bit a list: whether it holds something.
    @inlinable var busyLists: UnsafeMutablePointer<UInt64> {
        block.assumingMemoryBound(to: UInt64.self)
    }

    @inlinable var front: UnsafeMutablePointer<FrontEntry> {
        (block + Self.frontOffset).assumingMemoryBound(to: FrontEntry.self)
    }

    @inlinable var links: UnsafeMutablePointer<EventLink> {
        (block + Self.linksOffset).assumingMemoryBound(to: EventLink.self)
    }

    @inlinable var times: UnsafeMutablePointer<UInt64> {
        (block + timesOffset).assumingMemoryBound(to: UInt64.self)
    }

    /// How often each slot was freed.
    @inlinable var generations: UnsafeMutablePointer<UInt32> {
        (block + generationsOffset).assumingMemoryBound(to: UInt32.self)
    }

    @inlinable var chunks: UnsafeMutablePointer<Chunk> {
        (block + chunksOffset).assumingMemoryBound(to: Chunk.self)
    }

    /// The chunk of a slot, to be changed: a copy of it when another fork holds it too.
    @inlinable
    func ownChunk(of slot: UInt32) -> Chunk {
        let place = chunks + (Int(slot) - Self.firstSlot) >> Chunk.lengthBits
        if !isKnownUniquelyReferenced(&place.pointee) { place.pointee = place.pointee.copy() }
        return place.pointee
    }

    @inlinable
    func chunk(of slot: UInt32) -> Chunk {
        chunks[(Int(slot) - Self.firstSlot) >> Chunk.lengthBits]
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
        memory.busyLists.initialize(repeating: 0, count: Memory.frontOffset / 8)
        for list in 0...UInt32(Memory.farList) {
            (memory.links + Int(list)).initialize(to: EventLink(next: list, previous: list))
        }
        memory.chunks.initialize(to: .make())
        chunkCount = 1
    }

    /// A copy with room for slots up to `capacity`; the other has used those up to `used`.
    @inlinable
    init(copying other: EventStorage, used: Int, capacity: Int) {
        memory = EventMemory(capacity: capacity)
        let plain = Memory.linksOffset + used * MemoryLayout<EventLink>.stride
        memory.block.copyMemory(from: other.memory.block, byteCount: plain)
        let first = Memory.firstSlot
        (memory.times + first).initialize(from: other.memory.times + first, count: used - first)
        (memory.generations + first)
            .initialize(from: other.memory.generations + first, count: used - first)
        chunkCount = (capacity - first) >> Memory.Chunk.lengthBits
        memory.chunks.initialize(from: other.memory.chunks, count: other.chunkCount)
        for chunk in other.chunkCount..<chunkCount {
            (memory.chunks + chunk).initialize(to: .make())
        }
    }

    @inlinable
    deinit {
        memory.chunks.deinitialize(count: chunkCount)
        memory.block.deallocate()
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
