import Kafka
import Kernel
import Simulation

/// Facts about what consumers were given, and where keys went.
extension Facts {
    /// What a consumer was given, in order.
    private func given(to consumer: String) -> [(partition: PartitionName, offset: Int64)] {
        var names: [TopicIDPartition: PartitionName] = [:]
        for partition in playing.partitions {
            if let id = playing.world.identity(of: partition) { names[id] = partition }
        }
        return playing.events.flatMap { event -> [(PartitionName, Int64)] in
            guard case .client(.received(let id, let from, let to)) = event.happening,
                playing.world.name(event.process) == consumer, let name = names[id]
            else { return [] }
            return (from...to).map { (name, $0) }
        }
    }

    func consumerValue(of name: String) -> String? {
        let (consumer, what) = name.cut(at: ".")
        guard consumer.first == "c" else { return nil }
        let given = given(to: consumer)
        switch what {
        case "got-each-record-once-in-order", "saw-the-log-as-it-is":
            let log = playing.log(of: first).map(\.offset)
            return String(given.map(\.offset) == log)
        case "saw-send-order-over-all-partitions":
            var tickets: [PartitionName: [Int64: Int64]] = [:]
            for partition in playing.partitions {
                for entry in playing.log(of: partition) {
                    tickets[partition, default: [:]][entry.offset] = entry.ticket
                }
            }
            let seen = given.map { tickets[$0.partition]?[$0.offset] ?? -1 }
            return String(seen == seen.sorted())
        case "first-offset": return given.first.map { String($0.offset) } ?? "-"
        default: return nil
        }
    }

    func keyValue(of name: String) -> String? {
        if name.hasPrefix("partition-of.") {
            let key = name.cut(at: ".").1
            let homes = playing.partitions.filter { partition in
                playing.log(of: partition).contains { $0.key == key }
            }
            return homes.map { String($0.partition) }.joined(separator: ",")
        }
        return nil
    }
}
