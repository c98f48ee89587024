/// How the wheel files, spreads and brings forward.
extension EventQueue {
    @usableFromInline typealias Memory = EventMemory<Payload>

    /// The memory, made this queue's own if a fork shares it.
    @inlinable
    mutating func ownMemory() -> Memory {
        if !isKnownUniquelyReferenced(&storage) { moveOut(capacity: storage.memory.capacity) }
        return storage.memory
    }

    @inline(never)
    @usableFromInline
    mutating func moveOut(capacity: Int) {
        storage = EventStorage(copying: storage, used: Int(usedSlots), capacity: capacity)
    }

    /// The slot freed last, whose payload chunk is the likeliest to be this fork's own.
    @inlinable
    mutating func takeFreeSlot() -> UInt32 {
        if freeSlot == EventLink.none { return takeNewSlot() }
        let slot = freeSlot
        freeSlot = storage.memory.links[Int(slot)].next
        return slot
    }

    @inline(never)
    @usableFromInline
    mutating func takeNewSlot() -> UInt32 {
        precondition(usedSlots < EventLink.inFront, "more events are pending than have numbers")
        let slot = usedSlots
        if Int(slot) == storage.memory.capacity {
            moveOut(capacity: 2 * Int(slot) - Memory.firstSlot)
        }
        ownMemory().generations[Int(slot)] = 0
        usedSlots += 1
        return slot
    }

    @inlinable
    mutating func free(_ slot: UInt32, _ own: Memory) {
        size &-= 1
        own.links[Int(slot)].next = freeSlot
        own.generations[Int(slot)] &+= 1
        freeSlot = slot
    }

    /// Where an instant is filed: by the highest digit in which it differs from `base`, and there
    /// by that digit. (`* 43 >> 8` divides by six.)
    @inlinable
    func list(of time: UInt64) -> Int {
        let level = ((63 &- ((time ^ base) | 1).leadingZeroBitCount) &* 43) &>> 8
        if level >= Memory.farLevel { return Memory.farList }
        let digit = (time &>> UInt64(level &* Memory.digitBits)) & 63
        return level &<< Memory.digitBits | Int(truncatingIfNeeded: digit)
    }

    /// Puts a slot at the end of its list.
    @inlinable
    mutating func link(_ slot: UInt32, _ time: UInt64, _ own: Memory) {
        let list = list(of: time)
        let tail = own.links[list].previous
        own.links[Int(tail)].next = slot
        own.links[Int(slot)] = EventLink(
            next: UInt32(truncatingIfNeeded: list), previous: tail)
        own.links[list].previous = slot
        let level = list &>> Memory.digitBits
        own.busyLists[level] |= 1 &<< UInt64(truncatingIfNeeded: list & 63)
        busyLevels |= 1 &<< UInt32(truncatingIfNeeded: level)
    }

    @inlinable
    mutating func unlink(_ slot: UInt32, _ list: Int, _ own: Memory) {
        let link = own.links[Int(slot)]
        own.links[Int(link.previous)].next = link.next
        own.links[Int(link.next)].previous = link.previous
        if link.next == link.previous { markIdle(list, own) }
    }

    @inlinable
    mutating func empty(_ list: Int, _ own: Memory) {
        let head = UInt32(truncatingIfNeeded: list)
        own.links[list] = EventLink(next: head, previous: head)
        markIdle(list, own)
    }

    @inlinable
    mutating func markIdle(_ list: Int, _ own: Memory) {
        let level = list &>> Memory.digitBits
        own.busyLists[level] &= ~(1 &<< UInt64(truncatingIfNeeded: list & 63))
        if own.busyLists[level] == 0 { busyLevels &= ~(1 &<< UInt32(truncatingIfNeeded: level)) }
    }

    @inlinable
    func leastTime(inList list: Int, _ memory: Memory) -> UInt64 {
        var least = UInt64.max
        var slot = Int(memory.links[list].next)
        while slot != list {
            least = min(least, memory.times[slot])
            slot = Int(memory.links[slot].next)
        }
        return least
    }

    /// The list that holds the wheel's next event: within a level, and from level to level, later
    /// digits are later instants. Precondition: the wheel is not empty.
    @inlinable
    func firstBusyList(_ memory: Memory) -> Int {
        let level = busyLevels.trailingZeroBitCount
        return level &<< Memory.digitBits | memory.busyLists[level].trailingZeroBitCount
    }

    /// Takes the next event's slot out of the order of events, unless it lies after `last`.
    @inlinable
    mutating func popSlot(notAfter last: UInt64, _ own: Memory) -> (time: UInt64, slot: UInt32)? {
        if frontHead == frontTail {
            guard busyLevels != 0 else { return nil }
            if let tied = refillFront(notAfter: last, own) {
                let time = own.times[Int(tied)]
                if time > last { return nil }
                unlink(tied, list(of: time), own)
                return (time, tied)
            }
            if frontTail == 0 { return nil }
        }
        let next = own.front[frontHead]
        if next.time > last { return nil }
        frontHead &+= 1
        return (next.time, next.slot)
    }
}
