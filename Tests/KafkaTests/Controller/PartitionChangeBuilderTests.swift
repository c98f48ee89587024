import Testing

@testable import Kafka

@Suite struct PartitionChangeBuilderTests {
    private struct Trial {
        var partition: PartitionRegistration
        var rules: PartitionChangeBuilder.Rules
        var living: [NodeID]
        var leaving: NodeID
        var isUnclean: Bool

        init(_ random: inout TestRandom) {
            let replicas = random.some(nodes(1, 2, 3, 4, 5), atLeast: 1)
            let isr = random.some(replicas, atLeast: 1)
            partition = PartitionRegistration(
                replicas: replicas, isr: isr, leader: isr[random.below(isr.count)],
                directories: replicas.map { _ in .unassigned })
            rules = PartitionChangeBuilder.Rules(
                metadataVersion: .latestProduction, hasELR: random.chance(1, in: 2),
                effectiveMinISR: 1 + random.below(replicas.count), generation: .current)
            living = random.some(nodes(1, 2, 3, 4, 5))
            leaving = replicas[random.below(replicas.count)]
            isUnclean = random.chance(1, in: 3)
            if rules.hasELR, isr.count < rules.effectiveMinISR {
                partition.elr = random.some(replicas.filter { !isr.contains($0) }).sorted()
            }
        }

        /// The broker leaves, if it is one of the living, and the change is applied.
        mutating func step() -> PartitionChange? {
            living.removeAll { $0 == leaving }
            var builder = PartitionChangeBuilder(partition, rules)
            builder.isr.removeAll { $0 == leaving }
            if isUnclean { builder.election = .unclean }
            let change = builder.build(
                mayLead: living.contains, defaultDirectory: { _ in .unassigned })
            if let change { partition.apply(change) }
            return change
        }
    }

    @Test func `a decision leaves a partition that needs no other`() {
        var random = TestRandom(5)
        for _ in 0..<4_000 {
            var trial = Trial(&random)
            _ = trial.step()
            let settled = trial.partition
            let again = trial.step()
            #expect(again == nil, "\(settled)")
        }
    }

    @Test func `a leader is in the ISR, and nobody is both in sync and merely eligible`() {
        var random = TestRandom(6)
        for _ in 0..<4_000 {
            var trial = Trial(&random)
            let before = trial.partition
            let change = trial.step()
            let after = trial.partition
            if after.hasLeader {
                #expect(after.isr.contains(after.leader))
                #expect(trial.living.contains(after.leader))
            } else {
                #expect(!after.isr.contains(where: trial.living.contains))
            }
            #expect(Set(after.isr).isDisjoint(with: after.elr))
            #expect(trial.rules.hasELR || !after.isr.isEmpty)
            #expect(trial.rules.hasELR || after.elr.isEmpty)
            if after.isr.count >= trial.rules.effectiveMinISR { #expect(after.elr.isEmpty) }
            let bump: Int32 = change?.leader == nil ? 0 : 1
            #expect(after.leaderEpoch == before.leaderEpoch + bump)
        }
    }

    @Test func `without unclean elections whoever leads had every committed record`() {
        var random = TestRandom(7)
        for _ in 0..<4_000 {
            var trial = Trial(&random)
            trial.isUnclean = false
            let eligible = Set(trial.partition.isr + trial.partition.elr)
            _ = trial.step()
            #expect(trial.partition.recovery == .recovered)
            if trial.partition.hasLeader { #expect(eligible.contains(trial.partition.leader)) }
            if trial.rules.hasELR, trial.partition.isr.count < trial.rules.effectiveMinISR {
                #expect(Set(trial.partition.isr + trial.partition.elr) == eligible)
            }
        }
    }
}
