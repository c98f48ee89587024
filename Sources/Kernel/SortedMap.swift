/// A map that iterates in the order of its keys: what `Dictionary` may not be in a world whose
/// runs must agree to the byte.
///
/// Sorted arrays, cut into leaves once they are long: a lookup is a binary search, an insertion
/// moves at most one leaf, and a small map is two arrays and no more. A change after a copy
/// duplicates a whole leaf; `ForkableMap` is for big maps to which that happens all the time.
///
/// Invariant: keys rise strictly within leaves and from leaf to leaf; no leaf is longer than
/// `leafLimit`; only `head` may be empty, and only in an empty map; `separators[i]` is above all
/// keys before `rest[i]`, and not above its first.
@frozen
public struct SortedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    @frozen
    @usableFromInline
    struct Leaf: Sendable {
        @usableFromInline var keys: ContiguousArray<Key> = []
        @usableFromInline var values: ContiguousArray<Value> = []

        @inlinable
        init() {}
    }

    @usableFromInline var head = Leaf()
    @usableFromInline var rest: ContiguousArray<Leaf> = []
    @usableFromInline var separators: ContiguousArray<Key> = []
    @usableFromInline var size = 0

    @inlinable static var leafLimit: Int { 256 }

    @inlinable
    public init() {}

    /// Later pairs win over earlier ones with the same key.
    @inlinable
    public init(_ pairs: some Sequence<(Key, Value)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The value for the key. Assigning inserts, assigning nil removes, and mutating through the
    /// optional (`map[key]?.grow()`) happens in place.
    @inlinable
    public subscript(key: Key) -> Value? {
        get {
            let (index, found) = locate(key)
            return found ? self[index].value : nil
        }
        _modify {
            let (index, found) = locate(key)
            if found {
                var slot: Value? = takeOut(index)
                defer { putBack(slot.take(), index) }
                yield &slot
            } else {
                var slot: Value?
                defer { if let value = slot.take() { insert(key, value, at: index) } }
                yield &slot
            }
        }
    }

    /// The value for the key, which becomes `defaultValue` first when a mutation finds none.
    @inlinable
    public subscript(key: Key, default defaultValue: @autoclosure () -> Value) -> Value {
        get {
            let (index, found) = locate(key)
            return found ? self[index].value : defaultValue()
        }
        unsafeMutableAddress {
            var (index, found) = locate(key)
            if !found {
                insert(key, defaultValue(), at: index)
                (index, found) = locate(key)
            }
            return withUnsafeMutablePointer(to: &self[valueAt: index]) { $0 }
        }
    }

    @discardableResult
    @inlinable
    public mutating func removeValue(forKey key: Key) -> Value? {
        let (index, found) = locate(key)
        return found ? remove(at: index).value : nil
    }

    @inlinable
    public mutating func removeAll() {
        self = SortedMap()
    }

    /// Keeps the pairs for which the condition holds.
    @inlinable
    public mutating func removeAll(where condition: (Key, Value) throws -> Bool) rethrows {
        var kept = SortedMap()
        for (key, value) in self where try !condition(key, value) {
            kept.insert(key, value, at: kept.endIndex)
        }
        if kept.count < count { self = kept }
    }

    /// Mutates every value in place, in the order of the keys.
    @inlinable
    public mutating func updateEach(_ body: (Key, inout Value) throws -> Void) rethrows {
        for offset in head.keys.indices {
            try body(head.keys[offset], &head.values[offset])
        }
        for leaf in rest.indices {
            for offset in rest[leaf].keys.indices {
                try body(rest[leaf].keys[offset], &rest[leaf].values[offset])
            }
        }
    }
}

extension SortedMap: BidirectionalCollection {
    @frozen
    public struct Index: Comparable, Sendable {
        @usableFromInline var leaf: Int
        @usableFromInline var offset: Int

        @inlinable
        init(_ leaf: Int, _ offset: Int) {
            self.leaf = leaf
            self.offset = offset
        }

        @inlinable
        public static func < (left: Index, right: Index) -> Bool {
            left.leaf != right.leaf ? left.leaf < right.leaf : left.offset < right.offset
        }
    }

    @inlinable public var count: Int { size }
    @inlinable public var isEmpty: Bool { size == 0 }
    @inlinable public var startIndex: Index { Index(0, 0) }

    /// One past the last pair of the last leaf.
    @inlinable public var endIndex: Index { Index(rest.count, length(of: rest.count)) }

    @inlinable
    public subscript(index: Index) -> (key: Key, value: Value) {
        if index.leaf == 0 { return (head.keys[index.offset], head.values[index.offset]) }
        let leaf = index.leaf - 1
        return (rest[leaf].keys[index.offset], rest[leaf].values[index.offset])
    }

    /// The value at a place, to be mutated there: a search saved when the place is known.
    @inlinable
    public subscript(valueAt index: Index) -> Value {
        get { self[index].value }
        // It holds as long as nobody else changes the map.
        unsafeMutableAddress {
            if index.leaf == 0 {
                return withUnsafeMutablePointer(to: &head.values[index.offset]) { $0 }
            }
            return withUnsafeMutablePointer(to: &rest[index.leaf - 1].values[index.offset]) { $0 }
        }
    }

    @inlinable
    public func index(after index: Index) -> Index {
        let next = Index(index.leaf, index.offset + 1)
        if next.offset < length(of: index.leaf) || index.leaf == rest.count { return next }
        return Index(index.leaf + 1, 0)
    }

    @inlinable
    public func index(before index: Index) -> Index {
        if index.offset > 0 { return Index(index.leaf, index.offset - 1) }
        return Index(index.leaf - 1, length(of: index.leaf - 1) - 1)
    }

    @inlinable
    func length(of leaf: Int) -> Int {
        leaf == 0 ? head.keys.count : rest[leaf - 1].keys.count
    }

    @inlinable public var keys: some BidirectionalCollection<Key> { lazy.map(\.key) }

    @inlinable public var values: some BidirectionalCollection<Value> { lazy.map(\.value) }
}

extension SortedMap {
    @inlinable
    public func index(forKey key: Key) -> Index? {
        let (index, found) = locate(key)
        return found ? index : nil
    }

    /// The place of the least key at or above this one; `endIndex` when there is none.
    @inlinable
    public func firstIndex(atOrAbove key: Key) -> Index {
        let (index, _) = locate(key)
        if index.offset < length(of: index.leaf) || index.leaf == rest.count { return index }
        return Index(index.leaf + 1, 0)
    }

    /// The pair with the least key at or above this one.
    @inlinable
    public func ceiling(_ key: Key) -> (key: Key, value: Value)? {
        let index = firstIndex(atOrAbove: key)
        return index == endIndex ? nil : self[index]
    }

    /// The pair with the greatest key at or below this one.
    @inlinable
    public func floor(_ key: Key) -> (key: Key, value: Value)? {
        let (index, found) = locate(key)
        if found { return self[index] }
        return index == startIndex ? nil : self[self.index(before: index)]
    }

    /// The pair with the least key above this one.
    @inlinable
    public func above(_ key: Key) -> (key: Key, value: Value)? {
        var index = firstIndex(atOrAbove: key)
        if index != endIndex, self[index].key == key { index = self.index(after: index) }
        return index == endIndex ? nil : self[index]
    }

    /// The pair with the greatest key below this one.
    @inlinable
    public func below(_ key: Key) -> (key: Key, value: Value)? {
        let index = firstIndex(atOrAbove: key)
        return index == startIndex ? nil : self[self.index(before: index)]
    }

    /// The pairs whose keys lie in the range, in order.
    @inlinable
    public func pairs(in range: Range<Key>) -> SubSequence {
        self[firstIndex(atOrAbove: range.lowerBound)..<firstIndex(atOrAbove: range.upperBound)]
    }
}
