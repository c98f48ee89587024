/// What differed between the real runs, and which values it has in ours.
struct Varieties {
    private let facts: [Observation.Fact]
    private var ours: [String: Set<String>] = [:]
    private(set) var unread: [String] = []

    init(_ observation: Observation) { facts = observation.varied }

    mutating func watch(_ judge: Facts) {
        for fact in facts {
            if fact.isOrder {
                for order in fact.real where judge.judgeOrder(order, fact.name) == .holds {
                    ours[fact.name, default: []].insert(order)
                }
                if fact.real.contains(where: { judge.judgeOrder($0, fact.name) == .unknown }) {
                    note(unread: fact.name)
                }
            } else if let value = judge.value(of: fact.name) {
                ours[fact.name, default: []].insert(value)
            } else {
                note(unread: fact.name)
            }
        }
    }

    private mutating func note(unread name: String) {
        if !unread.contains(name) { unread.append(name) }
    }

    /// What varied there and does not here, or has a value there that it never has here. Of numbers
    /// it is enough that there are several, as there were several there.
    var stiff: [(fact: String, words: String)] {
        facts.filter { !unread.contains($0.name) }.compactMap { fact in
            let real = Set(fact.real)
            let mine = ours[fact.name] ?? []
            let isNumber = real.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
            let holds =
                isNumber ? mine.count >= min(2, real.count) : real.isSubset(of: mine)
            let words = "\(fact.name): there \(fact.value), here \(mine.sorted())"
            return holds ? nil : (fact.name, words)
        }
    }
}

extension Observation.Fact {
    /// It tells in which order things were seen.
    var isOrder: Bool { name == "order" || name.hasPrefix("order-") }

    /// The value that it had in each real run.
    fileprivate var real: [String] {
        value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
}
