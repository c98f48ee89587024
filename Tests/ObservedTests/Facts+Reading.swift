import Kafka
import Kernel
import Simulation

/// Facts about what consumers were given, and where keys went.
extension Facts {
    /// What a consumer was given, in order.
    private func given(to consumer: String) -> [(partition: TopicPartition, offset: Int64)] {
        var names: [TopicIDPartition: TopicPartition] = [:]
        for partition in playing.partitions {
            if let id = playing.world.identity(of: partition) { names[id] = partition }
        }
        return playing.events.flatMap { event -> [(TopicPartition, Int64)] in
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
            var tickets: [TopicPartition: [Int64: Int64]] = [:]
            for partition in playing.partitions {
                for entry in playing.log(of: partition) {
                    tickets[partition, default: [:]][entry.offset] = entry.ticket
                }
            }
            let seen = given.map { tickets[$0.partition]?[$0.offset] ?? -1 }
            return String(seen == seen.sorted())
        case "first-offset": return given.first.map { String($0.offset) } ?? "-"
        case "first-offset-got":
            guard let first = sinceMoved(consumer).first else { return "-" }
            let start = playing.offsets(of: self.first, before: playing.events.count)?.start
            return first == start ? "log-start" : String(first)
        case "got":
            let offsets = sinceMoved(consumer)
            guard let low = offsets.first, let high = offsets.last else {
                return isCounted(name) ? "0" : "nothing"
            }
            return isCounted(name) ? String(offsets.count) : "\(low)..\(high) (\(offsets.count))"
        default: return nil
        }
    }

    /// Whether the observation says how many, and not which.
    private func isCounted(_ name: String) -> Bool {
        playing.twin.observation.facts.first { $0.name == name }
            .map { $0.value.allSatisfy(\.isNumber) } ?? false
    }

    /// The offsets that a consumer was given since somebody, or what it found, made it go on from
    /// elsewhere.
    private func sinceMoved(_ consumer: String) -> [Int64] {
        let sought = playing.twin.parts.filter { $0.text.contains(" seeks ") }
            .compactMap { playing.marks[$0.number] }
        let moved = playing.events.indices.filter { index in
            guard playing.world.name(playing.events[index].process) == consumer else {
                return false
            }
            return switch playing.events[index].happening {
            case .client(.reset), .client(.threw): true
            default: false
            }
        }
        let start = (sought + moved).max() ?? 0
        var offsets: [Int64] = []
        for event in playing.events[start...] {
            guard case .client(.received(_, let from, let to)) = event.happening,
                playing.world.name(event.process) == consumer
            else { continue }
            // What it was given before has been cut off, or it was out of range.
            if let last = offsets.last, from <= last { offsets = [] }
            offsets += Array(from...to)
        }
        return offsets
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
