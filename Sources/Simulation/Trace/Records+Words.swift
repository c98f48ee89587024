import Kafka
import Kernel

/// What stands in records, where a scenario says what: ` [Costco=2, Walmart=3]`. A record whose
/// value is its number is told by its key, and one that has no key either is not told at all.
extension Record {
    fileprivate var words: String? {
        let key = key.map(\.words)
        switch value {
        case .bytes?: return (key.map { $0 + "=" } ?? "") + value!.words
        case .number?: return key
        case nil: return key.map { $0 + "=null" } ?? "null"
        }
    }
}

extension Payload {
    fileprivate var words: String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.count > 24 ? text.prefix(23) + "…" : text
    }
}

extension RecordBatch {
    /// Of the records at these offsets.
    fileprivate func words(from start: Int64, to end: Int64) -> [String] {
        guard case .spelled(let records) = content else { return [] }
        return records.compactMap { record in
            let offset = baseOffset + Int64(record.offsetDelta)
            return offset >= start && offset < end ? record.words : nil
        }
    }

    var recordWords: String { bracketed(words(from: .min, to: .max)) }
}

extension World {
    /// Of the records that a client has written or been given; empty if there is nothing to tell.
    func recordWords(of happening: Happening) -> String {
        switch happening {
        case .client(.received(let id, let from, let to)):
            let leader = latestImage.partition(id).flatMap { index(of: $0.leader) }
            return recordWords(of: id, from: from, to: to + 1, at: leader)
        case .client(.acknowledged(let tickets, let id, let offset?, let broker)):
            return recordWords(
                of: id, from: offset, to: offset + Int64(tickets.count),
                at: broker.flatMap { index(of: $0) })
        default: return ""
        }
    }

    private func recordWords(
        of id: TopicIDPartition, from start: Int64, to end: Int64, at process: Int?
    ) -> String {
        guard let process, start < end else { return "" }
        var words: [String] = []
        forEachBatch(of: id, at: process, from: start, to: end) {
            words += $0.words(from: start, to: end)
        }
        return bracketed(words)
    }
}

/// At most as many as a person reads at a glance.
private func bracketed(_ words: [String]) -> String {
    guard !words.isEmpty else { return "" }
    let shown = words.prefix(10).joined(separator: ", ")
    return words.count > 10 ? " [\(shown) and \(words.count - 10) more]" : " [\(shown)]"
}
