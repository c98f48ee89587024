/// One record, spelled out. Its offset is its batch's base offset plus `offsetDelta`.
public struct Record: Equatable, Sendable {
    public struct Header: Equatable, Sendable {
        public var key: String
        public var value: [UInt8]?

        public init(key: String, value: [UInt8]?) {
            self.key = key
            self.value = value
        }
    }

    public var offsetDelta: Int32
    /// Milliseconds; -1 when the producer gave none.
    public var timestamp: Int64
    public var key: Payload?
    /// Nil is a tombstone: compaction forgets the key (KIP-58 keeps the word "delete").
    public var value: Payload?
    public var headers: [Header]

    public init(
        offsetDelta: Int32 = 0, timestamp: Int64, key: Payload?, value: Payload?,
        headers: [Header] = []
    ) {
        self.offsetDelta = offsetDelta
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// Records `firstIndex ..< firstIndex + count` of a stream that is a pure function of its number
/// and of the index, so that a thousand of them cost what one costs. The value says the index, the
/// key is drawn from `distinctKeys` keys.
public struct GeneratedRecords: Equatable, Sendable {
    public var stream: UInt32
    public var firstIndex: Int64
    public var count: Int32
    /// 0: the records have no key.
    public var distinctKeys: UInt32
    public var keySize: Int32
    public var valueSize: Int32
    /// Milliseconds between one record and the next.
    public var timestampStep: Int32

    public init(
        stream: UInt32, firstIndex: Int64, count: Int32, distinctKeys: UInt32 = 0,
        keySize: Int32 = 0, valueSize: Int32, timestampStep: Int32 = 0
    ) {
        self.stream = stream
        self.firstIndex = firstIndex
        self.count = count
        self.distinctKeys = distinctKeys
        self.keySize = keySize
        self.valueSize = valueSize
        self.timestampStep = timestampStep
    }

    public func key(at delta: Int32) -> Payload? {
        guard distinctKeys > 0 else { return nil }
        let index = firstIndex + Int64(delta)
        let number = generatedKey(stream: stream, index: index, of: distinctKeys)
        return .number(number, width: keySize)
    }

    public func value(at delta: Int32) -> Payload {
        .number(firstIndex + Int64(delta), width: valueSize)
    }

    /// The same records, spelled out.
    public func spelled(from baseTimestamp: Int64) -> [Record] {
        (0..<count).map { delta in
            Record(
                offsetDelta: delta, timestamp: baseTimestamp + Int64(delta) * Int64(timestampStep),
                key: key(at: delta), value: value(at: delta))
        }
    }
}

/// Which of `count` keys a record has: a hash of stream and index, so that keys repeat unevenly.
public func generatedKey(stream: UInt32, index: Int64, of count: UInt32) -> Int64 {
    var hash = UInt64(bitPattern: index) &+ UInt64(stream) &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int64((hash ^ (hash >> 31)) % UInt64(count))
}
