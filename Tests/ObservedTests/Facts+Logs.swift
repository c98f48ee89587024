import Kafka
import Simulation

/// Facts about keys, and about what lies in logs and in their segments.
extension Facts {
    func logValue(of name: String) -> String? {
        switch name {
        case "moved": return moves(true)
        case "stayed": return moves(false)
        case "round-at-once-used-old-partitions-only": return roundAtOnce
        case "records-per-segment": return sealedSegments.map { sizes($0) }
        case "records-kept":
            return leadersLog.map { String($0.endOffset - $0.logStartOffset) }
        case "segments-kept": return leadersLog.map { String($0.files.segmentCount) }
        case "log-start-is-a-segment-start":
            return leadersLog.map { String($0.files[segment: 0].baseOffset == $0.logStartOffset) }
        case "after-compaction": return compacted.map { words($0) }
        case "after-tombstone-removal": return words(playing.log(of: first))
        case "partitions-used":
            return String(playing.partitions.count { !playing.log(of: $0).isEmpty })
        case "asked-for-last":
            return playing.twin.parts.last { $0.text.hasPrefix("reassign ") }?.text
                .value(of: "replicas")
        default: return nil
        }
    }

    // MARK: Segments

    private var leadersLog: PartitionLog? {
        playing.world.partition(first).flatMap { playing.world.log(of: first, on: $0.leader) }
    }

    /// How many records each segment holds that is full.
    private var sealedSegments: [Int64]? {
        guard let log = leadersLog, log.files.segmentCount > 1 else { return nil }
        return (1..<log.files.segmentCount).map {
            log.files[segment: $0].baseOffset - log.files[segment: $0 - 1].baseOffset
        }
    }

    private func sizes(_ list: [Int64]) -> String {
        Set(list).sorted().map { String($0) }.joined(separator: ",")
    }

    // MARK: Compaction

    /// What was there before the last thing was done.
    private var compacted: [Playing.Entry]? {
        playing.twin.parts.last { !$0.actions.isEmpty }
            .flatMap { playing.logsBefore[$0.number]?[first] }
    }

    private func words(_ log: [Playing.Entry]) -> String {
        let records = log.map { "\($0.offset):\($0.key ?? "-")\($0.hasValue ? "" : "=null")" }
        return "[\(records.joined(separator: ","))]"
    }

    // MARK: Keys

    /// Where the records lie that a step sent, by their keys.
    private func homes(of part: Twin.Part) -> [(key: String, partition: Int32)] {
        guard let start = playing.sentBefore[part.number]?[part.sender ?? ""] else { return [] }
        let tickets = start..<start + part.records
        var homes: [(key: String, partition: Int32, ticket: Int64)] = []
        for partition in playing.partitions {
            for entry in playing.log(of: partition)
            where tickets.contains(entry.ticket) && entry.producer == part.sender {
                if let key = entry.key { homes.append((key, partition.partition, entry.ticket)) }
            }
        }
        return homes.sorted { $0.ticket < $1.ticket }.map { ($0.key, $0.partition) }
    }

    private var rounds: [Twin.Part] { playing.twin.parts.filter { $0.text.contains("round") } }

    /// Keys of the first round that the last one found elsewhere, or at the same place.
    private func moves(_ isOfMoved: Bool) -> String? {
        guard let first = rounds.first, let last = rounds.last, rounds.count > 1 else { return nil }
        let later = homes(of: last)
        let words = homes(of: first).compactMap { key, partition -> String? in
            guard let now = later.first(where: { $0.key == key })?.partition else { return nil }
            if isOfMoved { return now == partition ? nil : "\(key):\(partition)>\(now)" }
            return now == partition ? "\(key):\(partition)" : nil
        }
        return "[\(words.joined(separator: ","))]"
    }

    private var roundAtOnce: String? {
        guard let first = rounds.first,
            let hasty = rounds.first(where: { $0.text.contains("at once") })
        else { return nil }
        let old = homes(of: first).map(\.partition).max() ?? -1
        let used = homes(of: hasty)
        return used.isEmpty ? nil : String(used.allSatisfy { $0.partition <= old })
    }
}
