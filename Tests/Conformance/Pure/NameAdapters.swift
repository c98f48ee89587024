import Kafka
import Kernel

/// name-to-partition.vec: who coordinates a name, and which thread fetches a partition.
struct NameToPartitionAdapter: VectorAdapter {
    init(case line: VectorLine) {}

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        switch line.verb {
        case "group", "transaction":
            let partition = NamedPartition.coordinating(
                try line.text("id"), of: try line.int("partitions"))
            return "ok partition=\(partition)"
        case "share":
            let group = String(try line.text("group"))
            let high: Int64 = try line.int("topic-high")
            let low: Int64 = try line.int("topic-low")
            let number: Int32 = try line.int("partition")
            let key = NamedPartition.shareKey(
                group: group, topicID: high, low, partition: number)
            let partition = NamedPartition.coordinatingShare(
                group: group, topicID: high, low, partition: number,
                of: try line.int("partitions"))
            return "ok key=\(key) partition=\(partition)"
        case "fetcher":
            let text = try line.text("partition")
            guard let hyphen = text.lastIndex(of: "-") else {
                throw VectorFormError(description: "\(text) is not a partition")
            }
            let fetcher = NamedPartition.fetcher(
                topic: text[..<hyphen],
                partition: try VectorText.int(text[text.index(after: hyphen)...]),
                of: try line.int("fetchers"))
            return "ok fetcher=\(fetcher)"
        default: throw VectorFormError(description: "unknown verb")
        }
    }
}

/// backoff.vec: exponential back-off without its random part.
struct BackoffAdapter: VectorAdapter {
    init(case line: VectorLine) {}

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        let backoff = ExponentialBackoff(
            initial: .milliseconds(try line.int("initial")),
            max: .milliseconds(try line.int("max")))
        return "ok ms=\(backoff.delay(after: try line.int("attempts")).wholeMilliseconds)"
    }
}
