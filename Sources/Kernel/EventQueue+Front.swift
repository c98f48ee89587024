/// The front: the next few events, sorted, so that taking one is reading an array.
extension EventQueue {
    /// A list longer than this is spread over finer lists before it is sorted.
    @inlinable static var longestSorted: Int { 8 }

    /// Sorts the wheel's next list into the empty front. Leaves the front empty when that list
    /// begins after `last`. A list of the finest level is never sorted, as its events are all at
    /// one instant: its first slot, which is the next event's, is returned instead.
    @inlinable
    mutating func refillFront(notAfter last: UInt64, _ own: Memory) -> UInt32? {
        frontHead = 0
        frontTail = 0
        while true {
            let list = firstBusyList(own)
            let level = list &>> Memory.digitBits
            if level == 0 { return own.links[list].next }
            let shift = UInt64(truncatingIfNeeded: level &* Memory.digitBits)
            let begin: UInt64
            if list == Memory.farList {
                begin = (leastTime(inList: list, own) &>> shift) &<< shift
            } else {
                begin = ((base &>> shift) & ~63 | UInt64(truncatingIfNeeded: list & 63)) &<< shift
            }
            if begin > last { return nil }
            let length = gather(list, own)
            if length <= Self.longestSorted {
                sortGathered(length, own)
                empty(list, own)
                frontEnd = list == Memory.farList
                    ? own.front[length &- 1].time &+ 1 : begin &+ (1 &<< shift)
                return nil
            }
            spread(list, begin, own)
        }
    }

    /// Copies the list behind the front's place, which it leaves free to sort into, up to one more
    /// than may be sorted. Returns how many these are.
    @inlinable
    func gather(_ list: Int, _ own: Memory) -> Int {
        let gathered = own.front + Memory.frontCapacity / 2
        var length = 0
        var slot = Int(own.links[list].next)
        while slot != list, length <= Self.longestSorted {
            gathered[length] = FrontEntry(
                time: own.times[slot], slot: UInt32(truncatingIfNeeded: slot))
            length &+= 1
            slot = Int(own.links[slot].next)
        }
        return length
    }

    /// Each event's place is the number of those before it: more comparisons than insertion needs,
    /// but none that a processor could guess wrong. (Instants are less than 2^63, so the sign of
    /// a difference compares them.)
    @inlinable
    mutating func sortGathered(_ length: Int, _ own: Memory) {
        let gathered = own.front + Memory.frontCapacity / 2
        var index = 0
        while index < length {
            let entry = gathered[index]
            var place = UInt64(truncatingIfNeeded: index)
            var other = 0
            while other < index {
                place &-= (entry.time &- gathered[other].time) &>> 63
                other &+= 1
            }
            while other < length {
                place &+= (gathered[other].time &- entry.time) &>> 63
                other &+= 1
            }
            own.front[Int(truncatingIfNeeded: place)] = entry
            own.links[Int(entry.slot)].previous = EventLink.inFront
            index &+= 1
        }
        frontTail = length
    }

    /// Files the events of the wheel's first list by their next digits.
    @usableFromInline
    mutating func spread(_ list: Int, _ begin: UInt64, _ own: Memory) {
        var slot = Int(own.links[list].next)
        empty(list, own)
        base = begin
        frontEnd = max(frontEnd, begin)
        while slot != list {
            let next = Int(own.links[slot].next)
            link(UInt32(truncatingIfNeeded: slot), own.times[slot], own)
            slot = next
        }
    }

    @inlinable
    mutating func insertIntoFront(_ slot: UInt32, _ time: UInt64, _ own: Memory) {
        if frontTail == Memory.frontCapacity {
            makeRoomInFront(own)
            if time >= frontEnd {
                link(slot, time, own)
                return
            }
        }
        var place = frontTail
        while place > frontHead, own.front[place &- 1].time > time {
            own.front[place] = own.front[place &- 1]
            place &-= 1
        }
        own.front[place] = FrontEntry(time: time, slot: slot)
        own.links[Int(slot)].previous = EventLink.inFront
        frontTail &+= 1
    }

    /// Moves the front to the start of its memory; when it is more than half full, its later half
    /// goes back to the wheel.
    @inline(never)
    @usableFromInline
    mutating func makeRoomInFront(_ own: Memory) {
        let count = frontTail - frontHead
        own.front.update(from: own.front + frontHead, count: count)
        frontHead = 0
        frontTail = count
        guard count > Memory.frontCapacity / 2 else { return }
        frontEnd = own.front[count / 2].time
        if frontEnd < base { lowerBase(to: frontEnd, own) }
        frontTail = (0..<count).first { own.front[$0].time >= frontEnd }!
        for place in frontTail..<count {
            link(own.front[place].slot, own.front[place].time, own)
        }
    }

    /// Files the whole wheel anew. Needed only when much is scheduled before what was already
    /// looked at.
    @usableFromInline
    mutating func lowerBase(to time: UInt64, _ own: Memory) {
        var chain: [UInt32] = []
        while busyLevels != 0 {
            let list = firstBusyList(own)
            var slot = own.links[list].next
            while Int(slot) != list {
                chain.append(slot)
                slot = own.links[Int(slot)].next
            }
            empty(list, own)
        }
        base = time
        for slot in chain { link(slot, own.times[Int(slot)], own) }
    }

    @usableFromInline
    mutating func removeFromFront(_ slot: UInt32, _ own: Memory) {
        let place = (frontHead..<frontTail).first { own.front[$0].slot == slot }!
        (own.front + place).update(from: own.front + place + 1, count: frontTail - place - 1)
        frontTail -= 1
    }
}
