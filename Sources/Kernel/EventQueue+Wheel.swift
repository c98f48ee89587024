/// How the wheel files, spreads and brings forward.
extension EventQueue {
    @usableFromInline typealias Memory = EventMemory<Payload>

    /// The memory, made this queue's own if a fork shares it.
    @inlinable
    @inline(__always)
    mutating func ownMemory() -> Memory {
        if !isKnownUniquelyReferenced(&storage) { moveOut(capacity: storage.memory.capacity) }
        return storage.memory
    }

    @inlinable
    @inline(never)
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

    @inlinable
    @inline(never)
    mutating func takeNewSlot() -> UInt32 {
        precondition(usedSlots < EventLink.none, "more events are pending than have numbers")
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
    @inline(__always)
    mutating func link(_ slot: UInt32, _ time: UInt64, _ own: Memory) {
        let list = list(of: time)
        let level = list &>> Memory.digitBits
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: list & 63)
        let head = UInt32(truncatingIfNeeded: list)
        let tail = own.busyLists[level] & bit == 0 ? head : own.links[list].previous
        own.links[Int(tail)].next = slot
        own.links[Int(slot)] = EventLink(next: head, previous: tail)
        own.links[list].previous = slot
        own.busyLists[level] |= bit
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
        while busyLevels != 0 {
            let list = firstBusyList(own)
            guard let slot = nextSlot(of: list, own) else {
                let begin = begin(of: list, own)
                if begin > last { return nil }
                spread(list, begin, own)
                continue
            }
            let time = own.times[Int(slot)]
            if time > last { return nil }
            unlink(slot, list, own)
            return (time, slot)
        }
        return nil
    }

    /// The slot of a list's next event, if that is plain to see: the list has but one or two, or
    /// is of the finest level, where all are at one instant.
    @inlinable
    func nextSlot(of list: Int, _ own: Memory) -> UInt32? {
        let first = own.links[list].next
        let second = own.links[Int(first)].next
        if Int(second) == list || list < 1 << Memory.digitBits { return first }
        guard Int(own.links[Int(second)].next) == list else { return nil }
        return own.times[Int(second)] < own.times[Int(first)] ? second : first
    }

    /// The first instant that would be filed in the list.
    @inlinable
    func begin(of list: Int, _ own: Memory) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: (list &>> Memory.digitBits) &* Memory.digitBits)
        if list == Memory.farList { return (leastTime(inList: list, own) &>> shift) &<< shift }
        let digit = UInt64(truncatingIfNeeded: list & 63)
        return ((base &>> shift) & ~63 | digit) &<< shift
    }

    /// Files the events of the wheel's first list by their next digits.
    @inlinable
    mutating func spread(_ list: Int, _ begin: UInt64, _ own: Memory) {
        var slot = own.links[list].next
        markIdle(list, own)
        base = begin
        while Int(slot) != list {
            let next = own.links[Int(slot)].next
            link(slot, own.times[Int(slot)], own)
            slot = next
        }
    }

    /// Files the whole wheel anew. Needed only when something is scheduled before what was
    /// already looked at.
    @inlinable
    @inline(never)
    mutating func lowerBase(to time: UInt64, _ own: Memory) {
        var slots: [UInt32] = []
        while busyLevels != 0 {
            let list = firstBusyList(own)
            var slot = own.links[list].next
            while Int(slot) != list {
                slots.append(slot)
                slot = own.links[Int(slot)].next
            }
            markIdle(list, own)
        }
        base = time
        for slot in slots { link(slot, own.times[Int(slot)], own) }
    }
}
