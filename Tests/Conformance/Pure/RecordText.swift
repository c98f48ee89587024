import Kafka

/// How the files about record batches write bytes, records and headers.
enum RecordText {
    /// `0x6b76`; nil for `-`.
    static func bytes(_ text: Substring) throws -> [UInt8]? {
        guard text != "-" else { return nil }
        let digits = Array(text.utf8.dropFirst(2))
        guard text.hasPrefix("0x"), digits.count % 2 == 0 else {
            throw VectorFormError(description: "\(text) is not in hexadecimal")
        }
        return try stride(from: 0, to: digits.count, by: 2).map {
            try digit(digits[$0]) << 4 | digit(digits[$0 + 1])
        }
    }

    private static func digit(_ character: UInt8) throws -> UInt8 {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: throw VectorFormError(description: "no hexadecimal digit")
        }
    }

    static func payload(_ text: Substring) throws -> Payload? { try bytes(text).map(Payload.bytes) }

    /// `name:0x…`
    static func header(_ text: Substring) throws -> Record.Header {
        let (name, value) = VectorText.halves(text, at: ":")
        return Record.Header(key: String(name), value: try bytes(value ?? "-"))
    }

    static func text(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "-" }
        var text: [UInt8] = Array("0x".utf8)
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    static func text(_ batch: EncodedRecordBatch) -> String {
        "base=\(batch.baseOffset) last=\(batch.lastOffset) leader-epoch=\(batch.leaderEpoch)"
    }

    static func producer(_ batch: EncodedRecordBatch) -> String {
        "attributes=\(batch.attributes.rawValue)"
            + " base-ts=\(batch.baseTimestamp) max-ts=\(batch.maxTimestamp)"
            + " producer-id=\(batch.producerID) producer-epoch=\(batch.producerEpoch)"
            + " base-seq=\(batch.baseSequence) last-seq=\(batch.lastSequence) count=\(batch.count)"
    }

    /// The whole batch and its header fields, as `close` and the control batches answer.
    static func whole(_ batch: EncodedRecordBatch) -> String {
        "bytes=\(text(batch.bytes)) size=\(batch.bytes.count) \(text(batch))"
            + " crc=\(batch.storedCRC) \(producer(batch))"
    }
}
