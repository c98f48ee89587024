import Kafka

/// record-sizes.vec: sizes, sequence arithmetic, numbers of variable length.
struct RecordSizesAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "record":
            let record = try record(operation)
            let size = sizeOfRecord(
                Record(
                    offsetDelta: try operation.int("offset-delta"),
                    timestamp: try operation.int("timestamp-delta"), key: record.key,
                    value: record.value, headers: record.headers),
                baseTimestamp: 0)
            return "ok size=\(size)"
        case "upper-bound":
            let size = maximalSizeOfRecord(try record(operation))
            return "ok batch=\(RecordBatch.headerSize + size) record=\(size)"
        case "batch": return try batch(operation)
        case "sequence": return try sequence(operation)
        case "varint", "varlong", "unsigned-varint": return try write(operation)
        default: return try read(operation)
        }
    }

    private func zeros(_ size: Int32) -> Payload? { size < 0 ? nil : .number(0, width: size) }

    private func record(_ operation: VectorLine) throws -> Record {
        let headers = try operation.list("headers").map { text in
            let (name, value) = VectorText.halves(text, at: ":")
            let size: Int = try VectorText.int(value ?? "")
            return Record.Header(
                key: String(repeating: "h", count: try VectorText.int(name)),
                value: size < 0 ? nil : [UInt8](repeating: 0, count: size))
        }
        return Record(
            timestamp: 0, key: zeros(try operation.int("key-size")),
            value: zeros(try operation.int("value-size")), headers: headers)
    }

    private func batch(_ operation: VectorLine) throws -> String {
        var records: [Record] = []
        for text in try operation.list("records") {
            let parts = VectorText.split(text, at: UInt8(ascii: "/"))
            records.append(
                Record(
                    offsetDelta: Int32(records.count), timestamp: try VectorText.int(parts[0]),
                    key: zeros(try VectorText.int(parts[1])),
                    value: zeros(try VectorText.int(parts[2]))))
        }
        guard let first = records.first else { return "ok size=0" }
        return "ok size=\(sizeOfBatch(records, baseTimestamp: first.timestamp))"
    }

    private func sequence(_ operation: VectorLine) throws -> String {
        let base: Int32 = try operation.int("base")
        if let plus: Int32 = try operation.intOrNone("plus") {
            return "ok value=\(incrementSequence(base, by: plus))"
        }
        return "ok value=\(decrementSequence(base, by: try operation.int("minus")))"
    }

    private func write(_ operation: VectorLine) throws -> String {
        var writer = ByteWriter()
        let size: Int32
        switch operation.verb {
        case "varint":
            writer.writeVarint(try operation.int("value"))
            size = sizeOfVarint(try operation.int("value"))
        case "varlong":
            writer.writeVarlong(try operation.int("value"))
            size = sizeOfVarlong(try operation.int("value"))
        default:
            let value = UInt32(bitPattern: try operation.int("value"))
            writer.writeUnsignedVarint(value)
            size = sizeOfUnsignedVarint(value)
        }
        return "ok bytes=\(RecordText.text(writer.bytes)) size=\(size)"
    }

    private func read(_ operation: VectorLine) throws -> String {
        let bytes = try RecordText.bytes(try operation.text("bytes")) ?? []
        var reader = ByteReader(bytes[...])
        do {
            switch operation.verb {
            case "read-varint": return "ok value=\(try reader.readVarint()) used=\(reader.used)"
            case "read-varlong": return "ok value=\(try reader.readVarlong()) used=\(reader.used)"
            case "read-unsigned-varint":
                let value = Int32(bitPattern: try reader.readUnsignedVarint())
                return "ok value=\(value) used=\(reader.used)"
            default: throw VectorFormError(description: "unknown verb")
            }
        } catch let error as WireError {
            return error == .underflow
                ? "error BufferUnderflowException" : "error IllegalArgumentException"
        }
    }
}
