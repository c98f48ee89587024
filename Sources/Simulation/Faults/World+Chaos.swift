import Kafka
import Kernel

/// Random faults, drawn one family at a time: when they strike, and whom.
extension World {
    mutating func scheduleChaos() {
        for (mix, chaos) in configuration.chaos.enumerated() {
            for family in chaos.families {
                let scourge = Scourge(mix: mix, family: family)
                let isLeftOut = turn.choices.happens(
                    scourge.actor, .chaosLeavesOut, chaos.leftOutPerMillion, of: 1_000_000)
                if isLeftOut { continue }
                script.scourges.append(scourge)
                scheduleStrike(scourge, chaos, after: chaos.from)
            }
        }
        if let end = configuration.chaos.map(\.until).max() {
            queue.schedule(.chaosEnds, at: end)
        }
    }

    private mutating func scheduleStrike(
        _ scourge: Scourge, _ chaos: Chaos, after instant: Instant
    ) {
        let span = UInt64(max(1, chaos.every.nanoseconds)) * 2
        let wait = turn.choices.draw(scourge.actor, .chaosWait, below: span)
        let next = instant + Interval(nanoseconds: Int64(wait) + 1)
        if next < chaos.until { queue.schedule(.chaos(scourge.code), at: next) }
    }

    /// A family strikes, and will strike again.
    mutating func strike(_ code: Int) {
        fingerprint.combine(UInt64(code) << 8 | 7)
        guard let place = script.scourges.firstIndex(where: { $0.code == code }) else { return }
        let scourge = script.scourges[place]
        let chaos = configuration.chaos[scourge.mix]
        scheduleStrike(scourge, chaos, after: now)
        if strike(scourge, chaos) { script.scourges[place].strikes += 1 }
    }

    /// Whether there was anybody to strike.
    private mutating func strike(_ scourge: Scourge, _ chaos: Chaos) -> Bool {
        if scourge.family.isAdministration { return administrate(scourge) }
        guard let victim = drawVictim(scourge, chaos) else { return false }
        let span = UInt64(max(1, chaos.lasting.nanoseconds))
        let lasting = Interval(
            nanoseconds: 1 + Int64(turn.choices.draw(scourge.actor, .chaosLasting, below: span)))
        if scourge.family.disables, chaos.sparesMajority, !canSpare(victim) { return false }
        if scourge.family == .voters { return changeVoters(victim) }
        guard let fault = drawFault(scourge, victim, chaos) else { return false }
        return apply(fault, lasting: lasting, by: -1)
    }

    mutating func endChaos() {
        fingerprint.combine(UInt64(8))
        trace { _ in "chaos ends" }
        script.delayed = script.delayed.map { delayed in
            var harmless = delayed
            harmless.lasting = Interval(nanoseconds: 1)
            return harmless
        }
        _ = heal(.all)
    }

    /// The families of each chaos that have struck nobody; `isLeftOut`: this seed goes without.
    public var idleFamilies: [(mix: Int, family: Chaos.Family, isLeftOut: Bool)] {
        var idle: [(Int, Chaos.Family, Bool)] = []
        for (mix, chaos) in configuration.chaos.enumerated() {
            for family in chaos.families {
                let its = script.scourges.first { $0.mix == mix && $0.family == family }
                if its == nil || its?.strikes == 0 { idle.append((mix, family, its == nil)) }
            }
        }
        return idle
    }
}

// MARK: - Whom

extension World {
    private mutating func drawVictim(_ scourge: Scourge, _ chaos: Chaos) -> Int? {
        let candidates = processes.indices.filter {
            isCandidate($0, chaos.among) && ($0 < nodes.count || !scourge.family.needsNode)
        }
        if candidates.isEmpty { return nil }
        // Half of all faults strike somebody who leads, without whom little happens.
        let pick = turn.choices.draw(
            scourge.actor, .chaosVictim, below: UInt64(candidates.count) * 2)
        if pick < candidates.count { return candidates[Int(pick)] }
        let leaders = self.leaders.filter { candidates.contains($0) }
        if leaders.isEmpty { return candidates[Int(pick) - candidates.count] }
        if leaders.count == 1 { return leaders[0] }
        let which = turn.choices.draw(
            scourge.actor, .chaosVictim, below: UInt64(leaders.count))
        return leaders[Int(which)]
    }

    private func isCandidate(_ process: Int, _ among: Target?) -> Bool {
        if process < nodes.count, !configuration.nodes[process].startsAtOnce { return false }
        guard let among else { return process < nodes.count }
        if process >= nodes.count {
            guard isClient(process), processes[process].life > 0, !hasEnded(process) else {
                return false
            }
        }
        return means(among, process)
    }

    private func isClient(_ process: Int) -> Bool { belongs(process, to: .client) }

    /// The controller, and who leads a partition, once for each.
    private var leaders: [Int] {
        var leaders: [Int] = []
        if let controller { leaders.append(controller) }
        for partition in partitionNames {
            guard let its = registration(of: partition) else { continue }
            let leader = nodes.indices.first { configuration.nodes[$0].id == its.leader }
            if let leader { leaders.append(leader) }
        }
        return leaders
    }

    /// Of the topics that the cluster begins with.
    var partitionNames: [TopicPartition] {
        var names: [TopicPartition] = []
        for topic in configuration.cluster?.topics ?? [] {
            guard let count = feed.latest?.topic(named: topic.name)?.partitions.count else {
                continue
            }
            names += (0..<Int32(count)).map { TopicPartition(topic.name, $0) }
        }
        return names
    }

    /// Whether a majority works without this one: of the voters if it votes, and of the replicas
    /// of each partition that it hosts.
    private func canSpare(_ victim: Int) -> Bool {
        if !hasCluster || isVoter(victim) {
            let voters = nodes.indices.filter { isVoter($0) }
            let working = voters.filter {
                $0 != victim && isRunning($0) && !isPaused($0)
            }
            if working.count <= voters.count / 2 { return false }
        }
        guard hasCluster, victim < nodes.count else { return true }
        let id = configuration.nodes[victim].id
        return partitionNames.allSatisfy { partition in
            guard let its = registration(of: partition), its.replicas.contains(id) else {
                return true
            }
            let working = nodes.indices.filter {
                let other = configuration.nodes[$0].id
                return other != id && its.isr.contains(other) && isCountedOn($0)
            }
            return working.count > its.replicas.count / 2
        }
    }

    /// Whether the broker in this process is one that the controller counts on, in the life that
    /// it knows of.
    private func isCountedOn(_ process: Int) -> Bool {
        guard isRunning(process), !isPaused(process),
            let place = broker(at: process), brokers[place].broker.state == .running,
            let its = feed.latest?.brokers[configuration.nodes[process].id]
        else { return false }
        return its.isActive && its.epoch == brokers[place].broker.epoch
    }

    /// Half of all cuts and clogs are between two nodes, half from everybody else.
    mutating func drawPartner(_ actor: ActorID) -> Target? {
        let count = nodes.count
        let pick = Int(turn.choices.draw(actor, .chaosVictim, below: UInt64(count) * 2))
        return pick < count ? .node(configuration.nodes[pick].id) : nil
    }
}

extension Purpose {
    static let chaosLeavesOut = Purpose(code: 0x0310)
    static let chaosWait = Purpose(code: 0x0311)
    static let chaosVictim = Purpose(code: 0x0312)
    static let chaosLasting = Purpose(code: 0x0313)
    static let chaosAmount = Purpose(code: 0x0314)
}
