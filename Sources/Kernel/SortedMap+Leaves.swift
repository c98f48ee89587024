/// Where a key lies, and how leaves grow, split and vanish.
extension SortedMap {
    /// The key's place, or the place in its leaf at which it would be inserted.
    @inlinable
    func locate(_ key: Key) -> (index: Index, found: Bool) {
        if rest.isEmpty || key < separators[0] { return Self.search(head.keys, key, leaf: 0) }
        let leaf = Self.countAtOrBelow(key, in: separators)
        return Self.search(rest[leaf - 1].keys, key, leaf: leaf)
    }

    @inlinable
    static func search(
        _ keys: ContiguousArray<Key>, _ key: Key, leaf: Int
    ) -> (index: Index, found: Bool) {
        let notAbove = countAtOrBelow(key, in: keys)
        if notAbove > 0, keys[notAbove - 1] == key { return (Index(leaf, notAbove - 1), true) }
        return (Index(leaf, notAbove), false)
    }

    /// A binary search whose steps do not depend on what it finds, so that a processor need not
    /// guess: only the place to go on from does.
    @inlinable
    static func countAtOrBelow(_ key: Key, in keys: ContiguousArray<Key>) -> Int {
        keys.withUnsafeBufferPointer { keys in
            guard var base = keys.baseAddress, !keys.isEmpty else { return 0 }
            let start = base
            var length = keys.count
            while length > 1 {
                let half = length &>> 1
                base += half &* (key < base[half &- 1] ? 0 : 1)
                length &-= half
            }
            return base - start + (key < base[0] ? 0 : 1)
        }
    }

    @inlinable
    mutating func insert(_ key: Key, _ value: Value, at index: Index) {
        size += 1
        if index.leaf == 0 {
            head.insert(key, value, at: index.offset)
        } else {
            rest[index.leaf - 1].insert(key, value, at: index.offset)
        }
        if length(of: index.leaf) > Self.leafLimit { split(index.leaf, insertedAt: index.offset) }
    }

    /// Halves a leaf that became too long; after an append at the very end only the newcomer
    /// moves, so that keys arriving in order leave full leaves behind.
    @inlinable
    mutating func split(_ leaf: Int, insertedAt offset: Int) {
        let appended = leaf == rest.count && offset == Self.leafLimit
        let cut = appended ? Self.leafLimit : Self.leafLimit / 2
        let right = leaf == 0 ? head.cutOff(from: cut) : rest[leaf - 1].cutOff(from: cut)
        separators.insert(right.keys[0], at: leaf)
        rest.insert(right, at: leaf)
    }

    @discardableResult
    @inlinable
    public mutating func remove(at index: Index) -> (key: Key, value: Value) {
        let value = takeOut(index)
        let key = self.key(at: index)
        putBack(nil, index)
        return (key, value)
    }

    @inlinable
    func key(at index: Index) -> Key {
        index.leaf == 0 ? head.keys[index.offset] : rest[index.leaf - 1].keys[index.offset]
    }

    /// Moves a value out, to be mutated alone; until `putBack` its leaf is one value short.
    @inlinable
    mutating func takeOut(_ index: Index) -> Value {
        index.leaf == 0
            ? head.takeOut(index.offset) : rest[index.leaf - 1].takeOut(index.offset)
    }

    /// Ends what `takeOut` began: the value returns to its place, or its key goes as well.
    @inlinable
    mutating func putBack(_ value: Value?, _ index: Index) {
        let leaf = index.leaf - 1
        if let value {
            if leaf < 0 {
                head.putBack(value, index.offset)
            } else {
                rest[leaf].putBack(value, index.offset)
            }
            return
        }
        size -= 1
        if leaf < 0 {
            head.closeGap(index.offset)
            guard head.keys.isEmpty, !rest.isEmpty else { return }
            head = rest.removeFirst()
            separators.removeFirst()
            return
        }
        rest[leaf].closeGap(index.offset)
        if rest[leaf].keys.isEmpty {
            rest.remove(at: leaf)
            separators.remove(at: leaf)
        }
    }
}

extension SortedMap.Leaf {
    @inlinable
    mutating func insert(_ key: Key, _ value: Value, at offset: Int) {
        keys.insert(key, at: offset)
        values.insert(value, at: offset)
    }

    @inlinable
    mutating func cutOff(from cut: Int) -> Self {
        var right = Self()
        right.keys.append(contentsOf: keys[cut...])
        right.values.append(contentsOf: values[cut...])
        keys.removeSubrange(cut...)
        values.removeSubrange(cut...)
        return right
    }

    /// The last value fills the gap meanwhile, so that nothing moves but these two.
    @inlinable
    mutating func takeOut(_ offset: Int) -> Value {
        values.swapAt(offset, values.count - 1)
        return values.removeLast()
    }

    @inlinable
    mutating func putBack(_ value: Value, _ offset: Int) {
        values.append(value)
        values.swapAt(offset, values.count - 1)
    }

    @inlinable
    mutating func closeGap(_ offset: Int) {
        keys.remove(at: offset)
        guard offset < values.count else { return }
        let last = values.remove(at: offset)
        values.append(last)
    }
}

extension SortedMap: Equatable where Value: Equatable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.size == right.size && left.elementsEqual(right) { $0 == $1 }
    }
}
