import Testing

@testable import Kafka

@Suite struct ReassignmentPlanTests {
    /// The rule as one would say it, over sets.
    private func mayEnd(_ plan: ReassignmentPlan, _ isr: [NodeID]) -> Bool {
        let (adding, removing) = (Set(plan.adding), Set(plan.removing))
        if adding.isEmpty && removing.isEmpty { return false }
        let inSync = Set(isr).subtracting(removing)
        let target = Set(plan.replicas).subtracting(removing)
        if !removing.isEmpty && (inSync.isEmpty || target.isEmpty) { return false }
        let needed = adding.count < removing.count ? adding.union(target) : adding
        return needed.isSubset(of: inSync)
    }

    @Test func `a plan holds the target first and ends when what it adds is in sync`() {
        var random = TestRandom(1)
        let brokers = nodes(1, 2, 3, 4, 5, 6)
        for _ in 0..<2_000 {
            let current = random.some(brokers, atLeast: 1)
            let target = random.some(brokers, atLeast: 1)
            let plan = ReassignmentPlan(from: current, to: target)
            #expect(Array(plan.replicas.prefix(target.count)) == target)
            #expect(Set(plan.replicas) == Set(current).union(target))
            #expect(Set(plan.adding) == Set(target).subtracting(current))
            #expect(Set(plan.removing) == Set(current).subtracting(target))
            let isr = random.some(plan.replicas)
            let completion = plan.completion(withISR: isr)
            #expect((completion != nil) == mayEnd(plan, isr))
            if let completion {
                #expect(completion.replicas == target)
                #expect(completion.isr == isr.filter { !plan.removing.contains($0) })
            }
        }
    }

    @Test func `cancelling gives back what was there before`() {
        var random = TestRandom(2)
        let brokers = nodes(1, 2, 3, 4, 5, 6)
        for _ in 0..<2_000 {
            let current = random.some(brokers, atLeast: 1)
            let plan = ReassignmentPlan(from: current, to: random.some(brokers, atLeast: 1))
            let isr = random.some(plan.replicas, atLeast: 1)
            guard let back = plan.reverted(withISR: isr) else {
                Issue.record("nothing to go back to")
                continue
            }
            #expect(Set(back.replicas) == Set(current))
            #expect(back.isUnclean == Set(isr).isDisjoint(with: current))
            #expect(Set(back.isr).isSubset(of: current))
        }
    }
}
