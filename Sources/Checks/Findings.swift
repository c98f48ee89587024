/// What the judges have found so far: how often each guarantee was broken, and the first few
/// violations of each, with their causes. A broken run may break a promise at every event; what a
/// person needs is the first time.
public struct Findings: Equatable, Sendable {
    public static let kept = 4

    /// In the order of the enumeration.
    private var counts = [Int](repeating: 0, count: Guarantee.allCases.count)
    public private(set) var violations: [Violation] = []

    public init() {}

    public func count(of guarantee: Guarantee) -> Int { counts[index(guarantee)] }

    public func violations(of guarantee: Guarantee) -> [Violation] {
        violations.filter { $0.guarantee == guarantee }
    }

    /// Causes are told only for violations that are kept.
    mutating func add(_ guarantee: Guarantee, _ violation: () -> Violation) {
        let index = index(guarantee)
        counts[index] += 1
        if counts[index] <= Self.kept { violations.append(violation()) }
    }

    private func index(_ guarantee: Guarantee) -> Int {
        Guarantee.allCases.firstIndex(of: guarantee)!
    }
}
