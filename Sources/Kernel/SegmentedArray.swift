/// An append-only log as a value: what is old lies in sealed segments that all forks share.
///
/// A fork costs the same however long the log is, and the first append after it copies one tail
/// of less than `segmentLength` elements. Indices are absolute: dropping a prefix moves
/// `startIndex`, truncating moves `endIndex`, and an element keeps its index for life.
///
///     origin            sealedStart         tailStart     endIndex
///       | group | group | segment | segment | open tail   |
///           ^ startIndex
///
/// Invariant: a segment holds `segmentLength` elements, a group `groupLength` segments; the tail
/// is not full and neither is the list of ungrouped segments; origin <= startIndex <= endIndex.
@frozen
public struct SegmentedArray<Element: Sendable>: Sendable {
    @usableFromInline typealias Segment = ContiguousArray<Element>
    @usableFromInline typealias Group = ContiguousArray<Segment>

    @usableFromInline var groups: ContiguousArray<Group>
    @usableFromInline var sealed: Group
    @usableFromInline var tail: Segment
    @usableFromInline var origin: Int
    @usableFromInline var sealedStart: Int
    @usableFromInline var tailStart: Int
    @usableFromInline var start: Int

    /// Short segments make the copy after a fork short, long groups the list of groups.
    @inlinable static var segmentBits: Int { 5 }
    @inlinable static var groupBits: Int { 6 }
    @inlinable static var segmentLength: Int { 1 << segmentBits }
    @inlinable static var groupLength: Int { 1 << groupBits }
    @inlinable static var groupElements: Int { segmentLength << groupBits }

    @inlinable
    public init() {
        self.init(startIndex: 0)
    }

    /// An empty array whose first element will have this index.
    @inlinable
    public init(startIndex: Int) {
        groups = []
        sealed = []
        tail = []
        origin = startIndex
        sealedStart = startIndex
        tailStart = startIndex
        start = startIndex
    }

    @inlinable
    public mutating func append(_ element: __owned Element) {
        if tail.isEmpty { tail.reserveCapacity(Self.segmentLength) }
        tail.append(consume element)
        if tail.count == Self.segmentLength { sealTail() }
    }

    @inlinable
    public mutating func append(contentsOf elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    @inlinable
    mutating func sealTail() {
        sealed.append(tail)
        tail = []
        tailStart += Self.segmentLength
        guard sealed.count == Self.groupLength else { return }
        groups.append(sealed)
        sealed = []
        sealedStart = tailStart
    }

    /// Removes every element at `end` and after. Precondition: startIndex <= end <= endIndex.
    @inlinable
    public mutating func truncate(to end: Int) {
        precondition(start <= end && end <= endIndex, "no such place to truncate at")
        if end < sealedStart {
            let group = (end - origin) / Self.groupElements
            sealed = groups[group]
            groups.removeLast(groups.count - group)
            sealedStart = origin + group * Self.groupElements
            tailStart = sealedStart + sealed.count * Self.segmentLength
            tail = []
        }
        if end < tailStart {
            let segment = (end - sealedStart) / Self.segmentLength
            tail = sealed[segment]
            sealed.removeLast(sealed.count - segment)
            tailStart = sealedStart + segment * Self.segmentLength
        }
        tail.removeLast(tailStart + tail.count - end)
    }

    /// Forgets every element before `index`. Precondition: startIndex <= index <= endIndex.
    @inlinable
    public mutating func dropPrefix(before index: Int) {
        precondition(start <= index && index <= endIndex, "no such place to begin at")
        if index == endIndex {
            self = SegmentedArray(startIndex: index)
            return
        }
        start = index
        let stale = Swift.min(groups.count, (index - origin) / Self.groupElements)
        if stale > 0 {
            groups.removeFirst(stale)
            origin += stale * Self.groupElements
        }
    }
}

extension SegmentedArray: RandomAccessCollection {
    @inlinable public var startIndex: Int { start }

    @inlinable public var endIndex: Int { tailStart + tail.count }

    @inlinable
    public subscript(index: Int) -> Element {
        // An address holds as long as the array is borrowed, and nobody else changes it meanwhile.
        unsafeAddress {
            precondition(index >= start, "index before the start")
            if index >= tailStart { return Self.address(in: tail, index - tailStart) }
            let mask = Self.segmentLength - 1
            if index >= sealedStart {
                let place = index - sealedStart
                return Self.address(in: sealed[place >> Self.segmentBits], place & mask)
            }
            let place = index - origin
            let segment = (place >> Self.segmentBits) & (Self.groupLength - 1)
            let group = place >> (Self.segmentBits + Self.groupBits)
            return Self.address(in: groups[group][segment], place & mask)
        }
        unsafeMutableAddress {
            precondition(index >= start, "index before the start")
            let mask = Self.segmentLength - 1
            if index >= tailStart {
                return Self.mutableAddress(in: &tail, index - tailStart)
            }
            if index >= sealedStart {
                let place = index - sealedStart
                return Self.mutableAddress(in: &sealed[place >> Self.segmentBits], place & mask)
            }
            let place = index - origin
            let group = place >> (Self.segmentBits + Self.groupBits)
            let segment = (place >> Self.segmentBits) & (Self.groupLength - 1)
            return Self.mutableAddress(in: &groups[group][segment], place & mask)
        }
    }

    @inlinable
    @inline(__always)
    static func address(in segment: Segment, _ place: Int) -> UnsafePointer<Element> {
        segment.withUnsafeBufferPointer { elements in
            precondition(place < elements.count, "index behind the end")
            return elements.baseAddress! + place
        }
    }

    @inlinable
    @inline(__always)
    static func mutableAddress(
        in segment: inout Segment, _ place: Int
    ) -> UnsafeMutablePointer<Element> {
        segment.withUnsafeMutableBufferPointer { elements in
            precondition(place < elements.count, "index behind the end")
            return elements.baseAddress! + place
        }
    }

    /// What `read` makes of the element, without a copy of the element itself: worth it where
    /// elements are large or hold references, as in a binary search.
    @inlinable
    @inline(__always)
    public func project<Value>(_ index: Int, _ read: (Element) -> Value) -> Value {
        precondition(index >= start, "index before the start")
        if index >= tailStart { return read(tail[index - tailStart]) }
        let mask = Self.segmentLength - 1
        if index >= sealedStart {
            let place = index - sealedStart
            return read(sealed[place >> Self.segmentBits][place & mask])
        }
        let place = index - origin
        let segment = (place >> Self.segmentBits) & (Self.groupLength - 1)
        return read(groups[place >> (Self.segmentBits + Self.groupBits)][segment][place & mask])
    }

    /// Walks segment by segment, so that an element costs about as much as in an array.
    @frozen
    public struct Iterator: IteratorProtocol {
        @usableFromInline let array: SegmentedArray
        @usableFromInline var segment: Segment
        @usableFromInline var offset: Int
        @usableFromInline var upcoming: Int

        @inlinable
        init(_ array: SegmentedArray) {
            self.array = array
            segment = []
            offset = 0
            upcoming = array.start
        }

        @inlinable
        public mutating func next() -> Element? {
            if offset == segment.count {
                guard upcoming < array.endIndex else { return nil }
                (segment, offset) = array.segment(holding: upcoming)
                upcoming += segment.count - offset
            }
            defer { offset += 1 }
            return segment[offset]
        }
    }

    @inlinable
    public func makeIterator() -> Iterator { Iterator(self) }

    @inlinable
    func segment(holding index: Int) -> (Segment, offset: Int) {
        if index >= tailStart { return (tail, index - tailStart) }
        let mask = Self.segmentLength - 1
        if index >= sealedStart {
            let place = index - sealedStart
            return (sealed[place >> Self.segmentBits], place & mask)
        }
        let place = index - origin
        let segment = (place >> Self.segmentBits) & (Self.groupLength - 1)
        let group = groups[place >> (Self.segmentBits + Self.groupBits)]
        return (group[segment], place & mask)
    }
}

extension SegmentedArray: Equatable where Element: Equatable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.elementsEqual(right)
    }
}
