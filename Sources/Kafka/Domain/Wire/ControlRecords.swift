/// What kind of control record a key names (ControlRecordType).
public enum ControlRecordType: Int16, CaseIterable, Sendable {
    case abort = 0
    case commit = 1
    case leaderChange = 2
    case snapshotHeader = 3
    case snapshotFooter = 4
    case kraftVersion = 5
    case kraftVoters = 6

    /// The key of a control record: a version, which is 0, and the type.
    public var key: [UInt8] {
        var writer = ByteWriter()
        writer.write(Int16(0))
        writer.write(rawValue)
        return writer.bytes
    }

    /// Nil for a type that a later version of Kafka has: such records are to be ignored. Bytes
    /// behind the type are those of a later version of the key.
    public static func parse(key: [UInt8]) throws(WireError) -> ControlRecordType? {
        guard key.count >= 4 else { throw .malformed }
        var reader = ByteReader(key[...])
        guard try reader.read(Int16.self) >= 0 else { throw .malformed }
        return ControlRecordType(rawValue: try reader.read())
    }
}

extension EndTransactionMarker {
    public var type: ControlRecordType { aborts ? .abort : .commit }

    /// A version, which is 0, and the coordinator's epoch.
    var encodedValue: [UInt8] {
        var writer = ByteWriter()
        writer.write(Int16(0))
        writer.write(coordinatorEpoch)
        return writer.bytes
    }

    /// Precondition: the type is abort or commit.
    public init(type: ControlRecordType, value: [UInt8]) throws(WireError) {
        precondition(type == .abort || type == .commit, "no other type ends a transaction")
        guard value.count >= 6 else { throw .malformed }
        var reader = ByteReader(value[...])
        guard try reader.read(Int16.self) >= 0 else { throw .malformed }
        self.init(aborts: type == .abort, coordinatorEpoch: try reader.read())
    }

    /// Nil when the record is none.
    init?(record: Record) {
        guard let key = record.key, let value = record.value,
            let type = try? ControlRecordType.parse(key: key.bytes),
            type == .abort || type == .commit
        else { return nil }
        try? self.init(type: type, value: value.bytes)
    }
}

extension Record {
    init(control type: ControlRecordType, value: [UInt8], timestamp: Int64) {
        self.init(timestamp: timestamp, key: .bytes(type.key), value: .bytes(value))
    }
}

/// What Raft's control records say, as bytes. All are written in their first form.
public enum RaftControlValue {
    /// LeaderChangeMessage: who leads, who may vote, and who did.
    public static func leaderChange(
        version: Int16, leader: Int32, voters: [Int32], grantedBy: [Int32]
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(version)
        writer.write(leader)
        for list in [voters, grantedBy] {
            writer.writeUnsignedVarint(UInt32(list.count + 1))
            for id in list {
                writer.write(id)
                writer.writeNoTaggedFields()
            }
        }
        writer.writeNoTaggedFields()
        return writer.bytes
    }

    public static func kraftVersion(_ version: Int16) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Int16(0))
        writer.write(version)
        writer.writeNoTaggedFields()
        return writer.bytes
    }

    public static func snapshotHeader(lastContainedLogTimestamp: Int64) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Int16(0))
        writer.write(lastContainedLogTimestamp)
        writer.writeNoTaggedFields()
        return writer.bytes
    }

    public static func snapshotFooter() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Int16(0))
        writer.writeNoTaggedFields()
        return writer.bytes
    }
}

extension ByteWriter {
    mutating func writeNoTaggedFields() { writeUnsignedVarint(0) }
}

extension RecordBatch {
    /// A batch of one control record, such as begins a Raft leader's epoch.
    public init(
        control type: ControlRecordType, value: [UInt8], baseOffset: Int64, leaderEpoch: Int32,
        timestamp: Int64
    ) {
        self.init(
            baseOffset: baseOffset, leaderEpoch: leaderEpoch, attributes: .control,
            records: [Record(control: type, value: value, timestamp: timestamp)])
    }
}
