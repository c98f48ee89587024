import Kernel

@testable import Kafka

/// The words that all files about producers share.
enum ProducerWords {
    static let topic = "t"

    static func settings(_ line: VectorLine) throws -> ProducerSettings {
        var settings = ProducerSettings()
        settings.listing = .byNumber
        settings.isIdempotent = false
        settings.batchSize = try line.int("batch.size")
        settings.linger = try interval(line, "linger")
        settings.bufferMemory = try line.int("buffer.memory")
        settings.deliveryTimeout = try interval(line, "delivery.timeout")
        settings.retryBackoff = ExponentialBackoff(
            initial: try interval(line, "backoff"), max: try interval(line, "backoff.max"))
        return settings
    }

    static func interval(_ line: VectorLine, _ name: String) throws -> Interval {
        .milliseconds(try line.int(name))
    }

    /// `leaders=[0=1@1,1=-@2]`
    static func leaders(
        _ line: VectorLine, of topic: TopicRef
    ) throws -> [ProducerMetadata.Leadership] {
        try line.list("leaders").map { text in
            let (number, leader) = VectorText.halves(text, at: "=")
            let (node, epoch) = VectorText.halves(leader ?? "", at: "@")
            return ProducerMetadata.Leadership(
                topic: topic, number: try VectorText.int(number),
                leader: node == "-" ? nil : NodeID(try VectorText.int(node)),
                leaderEpoch: try epoch.map { try VectorText.int($0) } ?? -1)
        }
    }

    static func leaders(_ metadata: ProducerMetadata) -> String {
        let words = metadata.partitions.map { one in
            "\(one.number)=\(one.leader.map { "\($0.rawValue)" } ?? "-")@\(one.leaderEpoch)"
        }
        return "[\(words.joined(separator: ","))]"
    }

    /// Sizes of key and value, `-` for none.
    static func record(_ line: VectorLine) throws -> Record {
        func payload(_ name: String) throws -> Payload? {
            try line.intOrNone(name, as: Int.self).map {
                .bytes([UInt8](repeating: 0, count: $0))
            }
        }
        return Record(
            timestamp: try line.int("ts"), key: try payload("key"), value: try payload("value"))
    }

    static func nodes(_ names: [Substring]) throws -> [NodeID] {
        try names.map { NodeID(try VectorText.int($0)) }
    }

    static func list(_ words: some Sequence<String>) -> String {
        "[\(words.joined(separator: ","))]"
    }
}

/// Records by the name that the files give them: partition, and how many came before it.
struct RecordNames {
    private var names: [(partition: Int32, index: Int)] = []
    private var counts: [Int32: Int] = [:]

    /// The ticket of the next record.
    var next: SendTicket { SendTicket(Int64(names.count)) }

    mutating func add(to partition: Int32) -> String {
        let index = counts[partition, default: 0]
        counts[partition] = index + 1
        names.append((partition, index))
        return "\(partition):\(index)"
    }

    subscript(ticket: SendTicket) -> (partition: Int32, index: Int) { names[Int(ticket.rawValue)] }

    /// `first..last`
    func range(_ tickets: [SendTicket]) -> String {
        "\(self[tickets[0]].index)..\(self[tickets[tickets.count - 1]].index)"
    }
}

/// State lines are written when they differ from the last one of the same subject.
struct ChangedStates {
    private var last: [String: String] = [:]

    mutating func tell(_ subject: String, _ state: String, _ effects: inout [String]) {
        if last[subject] == state { return }
        last[subject] = state
        effects.append("state \(subject) -> ok \(state)")
    }
}
