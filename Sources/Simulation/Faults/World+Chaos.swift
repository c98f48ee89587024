import Kafka
import Kernel

/// Random faults, drawn one family at a time.
extension World {
    mutating func scheduleChaos() {
        guard let chaos = configuration.chaos else { return }
        for family in chaos.families {
            let actor = family.actor
            if turn.choices.happens(
                actor, .chaosLeavesOut, chaos.leftOutPerMillion, of: 1_000_000)
            {
                continue
            }
            script.families.append(family)
            scheduleStrike(family, chaos, after: chaos.from)
        }
        queue.schedule(.chaosEnds, at: chaos.until)
    }

    private mutating func scheduleStrike(
        _ family: Chaos.Family, _ chaos: Chaos, after instant: Instant
    ) {
        let span = UInt64(max(1, chaos.every.nanoseconds)) * 2
        let wait = turn.choices.draw(family.actor, .chaosWait, below: span)
        let next = instant + Interval(nanoseconds: Int64(wait) + 1)
        if next < chaos.until { queue.schedule(.chaos(family.code), at: next) }
    }

    /// A family strikes, and will strike again.
    mutating func strike(_ code: Int) {
        fingerprint.combine(UInt64(code) << 8 | 7)
        guard let chaos = configuration.chaos else { return }
        let family = Chaos.Family.allCases[code]
        scheduleStrike(family, chaos, after: now)
        let victim = drawVictim(family)
        guard let victim else { return }
        let span = UInt64(max(1, chaos.lasting.nanoseconds))
        let lasting = Interval(
            nanoseconds: 1 + Int64(turn.choices.draw(family.actor, .chaosLasting, below: span)))
        if family.disables, chaos.sparesMajority, !canSpare(victim) { return }
        if family == .voters { return changeVoters(victim) }
        let target = Target.node(configuration.nodes[victim].id)
        guard let fault = draw(family, target) else { return }
        _ = apply(fault, lasting: lasting, by: -1)
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

    private mutating func drawVictim(_ family: Chaos.Family) -> Int? {
        let candidates = nodes.indices.filter { configuration.nodes[$0].startsAtOnce }
        if candidates.isEmpty { return nil }
        // Half of all faults strike the leader, without whom little happens.
        let pick = turn.choices.draw(
            family.actor, .chaosVictim, below: UInt64(candidates.count) * 2)
        if pick < candidates.count { return candidates[Int(pick)] }
        return controller ?? candidates[Int(pick) - candidates.count]
    }

    /// Whether a majority of voters works without this one.
    private func canSpare(_ victim: Int) -> Bool {
        let voters = nodes.indices.filter { isVoter($0) }
        let working = voters.filter {
            $0 != victim && processes[$0].thread.isUp && !processes[$0].thread.isPaused
        }
        return working.count > voters.count / 2
    }

    private mutating func draw(_ family: Chaos.Family, _ target: Target) -> Fault? {
        let actor = family.actor
        switch family {
        case .crashes: return .crash(target)
        case .powerLosses: return .losePower(target)
        case .pauses: return .pause(target)
        case .clocks:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(-10_000)...(.milliseconds(10_000)))
            return .jumpClock(target, by: by)
        case .cuts:
            let direction = Fault.Direction.allCases[
                Int(turn.choices.draw(actor, .chaosAmount, below: 3))]
            let dies = turn.choices.happens(actor, .chaosAmount, 1, of: 4)
            let partner = drawPartner(actor)
            return .cut(target, from: partner, direction, dies ? .die : .stall)
        case .resets:
            let silently = turn.choices.happens(actor, .chaosAmount, 1, of: 2)
            return silently ? .silence(target, from: nil) : .reset(target, from: nil)
        case .clogs:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(1)...(.milliseconds(3_000)))
            let swizzles = turn.choices.happens(actor, .chaosAmount, 1, of: 3)
            return swizzles
                ? .swizzle(.every(.node), by: by, within: .seconds(3))
                : .clog(target, from: drawPartner(actor), by: by)
        case .slowDisks:
            let by = turn.choices.draw(
                actor, .chaosAmount, in: .milliseconds(1)...(.milliseconds(2_000)))
            return .slowDisk(target, by: by)
        case .lyingDisks: return .lieAboutFlushes(target)
        case .requests:
            let kind = turn.choices.draw(actor, .chaosAmount, below: 3)
            let action: RequestFault.Action =
                kind == 0 ? .drop : kind == 1 ? .delay(.milliseconds(3_000)) : .loseReply
            return .disturb(RequestFault(from: target, count: 2, action: action))
        case .voters: return nil
        }
    }

    /// Half of all cuts and clogs are between two nodes, half from everybody else.
    private mutating func drawPartner(_ actor: ActorID) -> Target? {
        let count = nodes.count
        let pick = Int(turn.choices.draw(actor, .chaosVictim, below: UInt64(count) * 2))
        return pick < count ? .node(configuration.nodes[pick].id) : nil
    }

    /// A voter is removed, or a controller that is none is added.
    private mutating func changeVoters(_ victim: Int) {
        guard configuration.kraftVersion > 0, configuration.nodes[victim].canBecomeVoter,
            let controller
        else { return }
        let its = configuration.nodes[victim]
        let voters = nodes[controller].voters.voters
        if let known = voters.first(where: { $0.key.id == its.id }) {
            if voters.count > 2 { ask(.removeVoter(known.key)) }
        } else {
            let voter = ReplicaKey(its.id, nodes[victim].storage.directory)
            let endpoint = Endpoint(host: its.id, port: processes[victim].port)
            ask(.addVoter(.init(voter: voter, endpoint: endpoint, ackWhenCommitted: true)))
        }
    }
}

extension Chaos.Family {
    /// Its place among all families.
    var code: Int32 { Int32(Self.allCases.firstIndex(of: self)!) }

    var actor: ActorID { ActorID(0x3800_0000 | UInt32(code)) }

    /// Whether a voter that it strikes cannot vote for a while.
    var disables: Bool {
        switch self {
        case .crashes, .powerLosses, .pauses: true
        default: false
        }
    }
}

extension Purpose {
    static let chaosLeavesOut = Purpose(code: 0x0310)
    static let chaosWait = Purpose(code: 0x0311)
    static let chaosVictim = Purpose(code: 0x0312)
    static let chaosLasting = Purpose(code: 0x0313)
    static let chaosAmount = Purpose(code: 0x0314)
}
