/// A sorted map that stays cheap to change after it has been copied.
///
/// Entries lie in leaves of at most 32. The first change after a copy duplicates the list of
/// leaves and the one leaf it touches; everything else stays shared. A flat sorted array would
/// duplicate itself, which is what a world that forks, and images of a cluster that differ in one
/// partition, cannot afford.
///
/// `SortedMap` is the other one: keys apart from values and leaves eight times as long, for maps
/// that are looked into far more often than they are changed after a copy. Neither layout does the
/// other's work as fast.
///
/// Invariant: no leaf is empty unless it is the only one, which is kept for what comes next; keys
/// ascend strictly within and across leaves.
public struct ForkableMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    public struct Entry: Sendable {
        public let key: Key
        public var value: Value

        @inlinable
        init(key: Key, value: Value) {
            self.key = key
            self.value = value
        }
    }

    @usableFromInline static var capacity: Int { 32 }

    @usableFromInline var leaves: [[Entry]] = []
    public private(set) var count = 0

    public init() {}

    @inlinable public var isEmpty: Bool { count == 0 }

    @inlinable public var first: Entry? { leaves.first?.first }

    @inlinable public var last: Entry? { leaves.last?.last }

    /// Where an entry lies, as long as none joins or leaves: who looks and then changes need not
    /// look twice.
    @frozen
    public struct Place: Sendable {
        @usableFromInline let leaf: Int
        @usableFromInline let index: Int

        @inlinable
        @inline(__always)
        init(leaf: Int, index: Int) {
            self.leaf = leaf
            self.index = index
        }
    }

    /// The leaf in which `key` is, or would be.
    @inlinable
    @inline(__always)
    func leaf(of key: Key) -> Int {
        if leaves.count == 1 { return 0 }
        return leaves.withUnsafeBufferPointer { leaves in
            var low = 0
            var high = leaves.count
            while low < high {
                let middle = (low &+ high) / 2
                if leaves[middle][0].key <= key { low = middle &+ 1 } else { high = middle }
            }
            return Swift.max(low &- 1, 0)
        }
    }

    /// The first place in a leaf whose key is not below `key`, and whether it has that key.
    @inlinable
    @inline(__always)
    func look(for key: Key, in leaf: Int) -> (index: Int, isThere: Bool) {
        leaves[leaf].withUnsafeBufferPointer { entries in
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low &+ high) / 2
                if entries[middle].key < key { low = middle &+ 1 } else { high = middle }
            }
            return (low, low < entries.count && entries[low].key == key)
        }
    }

    @inlinable
    public func find(_ key: Key) -> Place? {
        if leaves.isEmpty { return nil }
        let leaf = leaf(of: key)
        let found = look(for: key, in: leaf)
        return found.isThere ? Place(leaf: leaf, index: found.index) : nil
    }

    @inlinable
    public func contains(_ key: Key) -> Bool { find(key) != nil }

    @inlinable
    public subscript(key: Key) -> Value? {
        get {
            guard let place = find(key) else { return nil }
            return leaves[place.leaf][place.index].value
        }
        set {
            if let newValue { insert(newValue, for: key) } else { remove(key) }
        }
    }

    /// The value at a place, changed there.
    @inlinable
    public subscript(at place: Place) -> Value {
        // An address holds as long as the map is borrowed, and nobody else changes it meanwhile.
        // `_modify` would do the same from memory of its own.
        @inline(__always) unsafeAddress {
            leaves[place.leaf].withUnsafeBufferPointer { entries in
                precondition(place.index < entries.count, "no such place")
                return UnsafePointer(
                    Self.value(in: UnsafeMutablePointer(mutating: entries.baseAddress!), place))
            }
        }
        @inline(__always) unsafeMutableAddress {
            leaves[place.leaf].withUnsafeMutableBufferPointer { entries in
                precondition(place.index < entries.count, "no such place")
                return Self.value(in: entries.baseAddress!, place)
            }
        }
    }

    @inlinable
    @inline(__always)
    public func key(at place: Place) -> Key { leaves[place.leaf][place.index].key }

    @inlinable
    @inline(__always)
    static func value(
        in entries: UnsafeMutablePointer<Entry>, _ place: Place
    ) -> UnsafeMutablePointer<Value> {
        withUnsafeMutablePointer(to: &entries[place.index].value) { $0 }
    }

    /// Precondition: the key is there.
    @inlinable
    @inline(__always)
    func place(present key: Key) -> Place {
        guard let place = find(key) else { preconditionFailure("no such key") }
        return place
    }

    /// The value of a key that is there, changed in place.
    @inlinable
    public subscript(present key: Key) -> Value {
        @inline(__always) _read { yield self[at: place(present: key)] }
        @inline(__always) unsafeMutableAddress {
            let place = place(present: key)
            return withUnsafeMutablePointer(to: &self[at: place]) { $0 }
        }
    }

    /// The value of a key for change in place; `defaultValue` if there was none.
    @inlinable
    public subscript(key: Key, default defaultValue: @autoclosure () -> Value) -> Value {
        get { self[key] ?? defaultValue() }
        unsafeMutableAddress {
            let place = place(of: key, orPut: defaultValue())
            return withUnsafeMutablePointer(to: &self[at: place]) { $0 }
        }
    }

    /// Where a key's value lies; it is `value` if there was none.
    @inlinable
    @inline(__always)
    public mutating func place(of key: Key, orPut value: @autoclosure () -> Value) -> Place {
        if let place = find(key) { return place }
        insert(value(), for: key)
        return place(present: key)
    }

    /// What `read` makes of a key's value, nil if there is none: for values that are large or hold
    /// references, of which `subscript` would hand out a copy.
    @inlinable
    @inline(__always)
    public func project<Result>(_ key: Key, _ read: (Value) -> Result) -> Result? {
        guard let place = find(key) else { return nil }
        return leaves[place.leaf].withUnsafeBufferPointer { read($0[place.index].value) }
    }

    /// Puts the value in, and gives back the one that it replaces.
    @inlinable @discardableResult
    public mutating func insert(_ value: __owned Value, for key: Key) -> Value? {
        if leaves.isEmpty {
            leaves.append([Entry(key: key, value: consume value)])
            changeCount(by: 1)
            return nil
        }
        let leaf = leaf(of: key)
        let (place, isThere) = look(for: key, in: leaf)
        if isThere {
            let old = leaves[leaf][place].value
            leaves[leaf][place].value = consume value
            return old
        }
        if place == leaves[leaf].count {
            leaves[leaf].append(Entry(key: key, value: consume value))
        } else {
            leaves[leaf].insert(Entry(key: key, value: consume value), at: place)
        }
        changeCount(by: 1)
        if leaves[leaf].count > Self.capacity { split(leaf) }
        return nil
    }

    @inlinable @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let place = find(key) else { return nil }
        let old = leaves[place.leaf].remove(at: place.index).value
        changeCount(by: -1)
        if leaves[place.leaf].isEmpty, leaves.count > 1 { leaves.remove(at: place.leaf) }
        return old
    }

    @usableFromInline
    mutating func changeCount(by difference: Int) { count += difference }

    /// A leaf that overflows at its end keeps all but the newest entry: keys that only grow, as
    /// offsets and partition numbers do, then fill their leaves.
    @inlinable
    mutating func split(_ leaf: Int) {
        let isLast = leaf == leaves.count - 1
        let middle = isLast ? leaves[leaf].count - 1 : leaves[leaf].count / 2
        let upper = Array(leaves[leaf][middle...])
        leaves[leaf].removeSubrange(middle...)
        leaves.insert(upper, at: leaf + 1)
    }
}

extension ForkableMap: Sequence {
    public struct Iterator: IteratorProtocol {
        @usableFromInline let leaves: [[Entry]]
        @usableFromInline var leaf: Int
        @usableFromInline var place: Int

        @inlinable
        init(_ leaves: [[Entry]], leaf: Int = 0, place: Int = 0) {
            self.leaves = leaves
            self.leaf = leaf
            self.place = place
        }

        @inlinable
        public mutating func next() -> Entry? {
            while leaf < leaves.count {
                if place < leaves[leaf].count {
                    place += 1
                    return leaves[leaf][place - 1]
                }
                leaf += 1
                place = 0
            }
            return nil
        }
    }

    @inlinable
    public func makeIterator() -> Iterator { Iterator(leaves) }

    @inlinable public var underestimatedCount: Int { count }
}

extension ForkableMap.Entry: Equatable where Value: Equatable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.key == right.key && left.value == right.value
    }
}

/// Equal when they hold the same entries, however these lie in leaves.
extension ForkableMap: Equatable where Value: Equatable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }
}

/// A sorted set that stays cheap to change after it has been copied: see `ForkableMap`.
public struct ForkableSet<Element: Comparable & Sendable>: Equatable, Sequence, Sendable {
    public struct Present: Equatable, Sendable {
        @inlinable
        init() {}
    }

    public struct Iterator: IteratorProtocol {
        @usableFromInline var entries: ForkableMap<Element, Present>.Iterator

        @inlinable
        init(_ entries: ForkableMap<Element, Present>.Iterator) {
            self.entries = entries
        }

        @inlinable
        public mutating func next() -> Element? { entries.next()?.key }
    }

    @usableFromInline var entries = ForkableMap<Element, Present>()

    public init() {}

    @inlinable public var isEmpty: Bool { entries.isEmpty }
    @inlinable public var count: Int { entries.count }
    @inlinable public var first: Element? { entries.first?.key }

    @inlinable
    public func contains(_ element: Element) -> Bool { entries.contains(element) }

    @inlinable
    public mutating func insert(_ element: Element) { entries.insert(Present(), for: element) }

    @inlinable @discardableResult
    public mutating func remove(_ element: Element) -> Bool { entries.remove(element) != nil }

    @inlinable
    public func makeIterator() -> Iterator { Iterator(entries.makeIterator()) }

    @inlinable public var underestimatedCount: Int { count }
}
