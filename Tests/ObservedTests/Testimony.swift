/// Which guarantees a real cluster was seen to break, as far as its clients could see: what they
/// were told of records and offsets in each run, against each other and against what lay in those
/// logs at the end that the file tells.
struct Testimony {
    /// Broken in every run, or at least in one of them.
    let always: Set<String>
    let sometimes: Set<String>

    /// Those are judged only where somebody reads.
    private static let ofConsumers: Set<String> = [
        "consistent-read", "duplicate", "inconsistent-offsets",
    ]

    init(_ observation: Observation, hasConsumers: Bool) {
        let runs = observation.runs.map { run in
            let broken = Account(of: run).broken
            return hasConsumers ? broken : broken.subtracting(Self.ofConsumers)
        }
        let first = runs.first ?? []
        always = runs.reduce(first) { $0.intersection($1) }
        sometimes = runs.reduce(first) { $0.union($1) }
    }
}

/// One run, as clients and the reader of its logs tell it.
private struct Account {
    /// Somebody said that this record is at this place.
    struct Claim: Hashable {
        var partition: String
        var offset: Int
        var producer: String
        var record: Int

        var name: String { "\(partition) \(producer) \(record)" }
    }

    private var acknowledged: [Claim] = []
    private var read: [Claim] = []
    private var final: Set<Claim> = []
    /// At how many places a record lay, by its name.
    private var copies: [String: Int] = [:]
    private var settings: [String: String] = [:]
    private var forgets = false

    init(of run: [Observation.Line]) {
        for line in run {
            switch line {
            case .step(_, let text):
                if text.hasPrefix("producer ") { settings[text.words[1]] = text }
                // Records go away by themselves there, or somebody deletes them.
                let isForgetful = ["retention", "compact", "delete "].contains {
                    text.contains($0)
                }
                if isForgetful { forgets = true }
            case .saw(let what):
                let words = what.words
                guard words.count > 1 else { continue }
                switch words[1] {
                case "acked":
                    acknowledged += claims(
                        at: what.value(of: "at"), of: words[0], what.value(of: "record"))
                case "got": read += claims(at: words[2], in: what.value(of: "records"))
                default: break
                }
            case .final(let what) where what.hasPrefix("uncommitted "):
                final.formUnion(claims(at: what.words[1], in: what.value(of: "records")))
            case .final, .pass: break
            }
        }
        for claim in final { copies[claim.name, default: 0] += 1 }
        let told = Set(final.map(\.partition))
        acknowledged.removeAll { forgets || !told.contains($0.partition) }
        read.removeAll { forgets || !told.contains($0.partition) }
    }

    var broken: Set<String> {
        var broken: Set<String> = []
        let lost = acknowledged.filter { copies[$0.name] == nil }
        if !lost.isEmpty { broken.insert("acknowledged-record-lost") }
        let vanished = read.filter { !final.contains($0) }
        if !vanished.isEmpty { broken.insert("consistent-read") }
        // Whoever leads has all that was committed, and that is what was read, or acknowledged by
        // all.
        if !vanished.isEmpty || lost.contains(where: { waitsForAll($0.producer) }) {
            broken.insert("leader-completeness")
        }
        if final.contains(where: { isIdempotent($0.producer) && copies[$0.name] != 1 }) {
            broken.insert("duplicate")
        }
        let told = Dictionary(grouping: Set(acknowledged + read)) { "\($0.partition)@\($0.offset)" }
        if told.values.contains(where: { $0.count > 1 }) { broken.insert("inconsistent-offsets") }
        let kept = acknowledged.filter { copies[$0.name] != nil }
        let sends = Dictionary(grouping: kept) { "\($0.producer) \($0.partition)" }
        let isShuffled = sends.values.contains { claims in
            let order = claims.sorted { $0.record < $1.record }.map(\.offset)
            return zip(order, order.dropFirst()).contains { $0 > $1 }
        }
        if isShuffled { broken.insert("nonmonotonic-send") }
        return broken
    }

    private func waitsForAll(_ producer: String) -> Bool {
        ["all", nil].contains(settings[producer]?.value(of: "acks"))
    }

    private func isIdempotent(_ producer: String) -> Bool {
        settings[producer]?.value(of: "enable.idempotence") != "false" && waitsForAll(producer)
    }

    // MARK: Reading

    /// `orders-0@4..6`, `p1:7..9`
    private func claims(at place: String?, in records: String?) -> [Claim] {
        guard let (producer, numbers) = records?.cut(at: ":") else { return [] }
        return claims(at: place, of: producer, numbers)
    }

    private func claims(at place: String?, of producer: String, _ numbers: String?) -> [Claim] {
        guard let (partition, offsets) = place?.cut(at: "@"), let numbers else { return [] }
        return zip(Self.list(offsets), Self.list(numbers)).map { offset, record in
            Claim(partition: partition, offset: offset, producer: producer, record: record)
        }
    }

    /// `5`, `5..9`, or `3..27/4`, which means 3, 7, 11 and so on.
    private static func list(_ text: String) -> [Int] {
        let (range, step) = text.cut(at: "/")
        let ends = range.split(separator: ".").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last else { return [] }
        return Array(stride(from: first, through: last, by: Int(step) ?? 1))
    }
}
