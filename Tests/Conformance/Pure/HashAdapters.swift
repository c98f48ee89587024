import Kafka

/// murmur2.vec: the hash of a key and the partition chosen for it.
struct Murmur2Adapter: VectorAdapter {
    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "murmur2":
            let hash = murmur2(try key(operation))
            return "ok hash=\(hash) positive=\(clearingSign(hash))"
        case "partition":
            let count = try operation.int("partitions", as: Int32.self)
            return "ok partition=\(partition(forKey: try key(operation), of: count))"
        case "positive":
            return "ok positive=\(clearingSign(try operation.int("value", as: Int32.self)))"
        default:
            throw VectorFormError(description: "unknown verb")
        }
    }

    private func key(_ operation: VectorLine) throws -> [UInt8] {
        let digits = Array(try operation.text("key").utf8.dropFirst(2))
        return stride(from: 0, to: digits.count, by: 2).map { index in
            UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16) ?? 0
        }
    }
}

/// java-order.vec: Java's hashes, and the order of its hash tables.
struct JavaOrderAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "text-hash": "ok hash=\(JavaOrder.hash(of: try operation.text("text")))"
        case "tp-hash": "ok hash=\(try Self.hash(ofPartition: operation.text("partition")))"
        case "uuid-hash":
            "ok hash=\(JavaOrder.hash(uuid: try operation.int("high"), try operation.int("low")))"
        case "id-partition-hash":
            "ok hash=\(try Self.hash(ofTopicIDPartition: operation))"
        case "map-order": try order(operation) { JavaOrder.hash(of: $0) }
        case "absent-order":
            try order(operation, JavaOrder.computeIfAbsent) { JavaOrder.hash(of: $0) }
        case "set-order": try order(operation, hash: Self.hash(ofPartition:))
        case "int-order": try order(operation) { try VectorText.int($0) }
        case "uuid-order":
            try order(operation) { JavaOrder.hash(uuid: 0, try VectorText.int($0)) }
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func order(
        _ operation: VectorLine, _ table: ([Int32], Int) -> [Int] = JavaOrder.put,
        hash: (Substring) throws -> Int32
    ) throws -> String {
        let keys = try operation.list("insert")
        let capacity = try operation.int("capacity", as: Int.self)
        let positions = table(try keys.map(hash), capacity)
        return "ok order=[\(positions.map { String(keys[$0]) }.joined(separator: ","))]"
    }

    private static func hash(ofPartition text: Substring) throws -> Int32 {
        guard let hyphen = text.lastIndex(of: "-") else {
            throw VectorFormError(description: "\(text) is not a partition")
        }
        let number = try VectorText.int(text[text.index(after: hyphen)...], as: Int32.self)
        return JavaOrder.hash(topic: text[..<hyphen], partition: number)
    }

    private static func hash(ofTopicIDPartition operation: VectorLine) throws -> Int32 {
        JavaOrder.hash(
            topicID: try operation.int("high"), try operation.int("low"),
            partition: try operation.int("partition"))
    }
}
