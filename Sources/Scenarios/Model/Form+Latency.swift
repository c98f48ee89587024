import Kernel
import Simulation
import TOML

extension Form where Value == Distribution {
    /// How long something takes: always the same (`"5ms"`), as one knows it (`"same-rack"`), or as
    /// measured: `{ min = …, median = …, p90 = …, p99 = …, p999 = …, max = … }`.
    static func latency(named name: String, _ known: Distribution) -> Form {
        let table = "{ min = …, median = …, p99 = …, max = … }"
        return Form("a duration, \"\(name)\", or \(table)") { kind throws(Complaint) in
            switch kind {
            case .string(let text) where text == name: return known
            case .string(let text) where text.contains(".."):
                throw Complaint("write { min = …, max = … } for what differs each time")
            case .string(let text) where text.utf8.first.map { (48...57).contains($0) } == true:
                return Distribution(always: try interval(text).nanoseconds)
            case .string(let text):
                throw Complaint(
                    "unknown latency \(shown(text))", nearest: nearestWord(to: text, among: [name]))
            case .table(let table): return try distribution(table)
            default: return nil
            }
        }
    }
}

private let ranks: [(name: String, rank: UInt64)] = [
    ("min", 0), ("median", 500_000_000), ("p90", 900_000_000), ("p99", 990_000_000),
    ("p999", 999_000_000), ("max", Distribution.whole),
]

private func distribution(_ table: TOMLTable) throws(Complaint) -> Distribution {
    for entry in table.entries where !ranks.contains(where: { $0.name == entry.key }) {
        throw Complaint(
            "unknown key \(shown(entry.key)) in a latency",
            nearest: nearestWord(to: entry.key, among: ranks.map(\.name)))
    }
    var quantiles: [Distribution.Quantile] = []
    for (name, rank) in ranks {
        guard let value = table[name] else { continue }
        guard case .string(let text) = value.kind else {
            throw Complaint("\"\(name)\" is a duration such as \"2ms\"")
        }
        quantiles.append(Distribution.Quantile(rank: rank, value: try interval(text).nanoseconds))
    }
    guard quantiles.first?.rank == 0, quantiles.last?.rank == Distribution.whole else {
        throw Complaint("a latency needs \"min\" and \"max\"")
    }
    guard let distribution = Distribution(quantiles: quantiles) else {
        throw Complaint("a latency does not fall from \"min\" to \"max\"")
    }
    return distribution
}
