import Kafka
import Kernel

/// Whom targets mean, and whether conditions hold.
extension World {
    /// The processes that a target means now, in the order of the world; a draw where it leaves
    /// one.
    mutating func resolve(_ target: Target, by step: Int32) -> [Int] {
        let targets: [Int]
        if case .any(let group) = target {
            let members = nodes.indices.filter { belongs($0, to: group) }
            if members.isEmpty { return [] }
            let actor = ActorID(0x3000_0000 | UInt32(step + 1))
            let pick = turn.choices.draw(actor, .targetPick, below: UInt64(members.count))
            targets = [members[Int(pick)]]
        } else if case .several(let several) = target {
            var all: [Int] = []
            for each in several { all += resolve(each, by: step) }
            targets = nodes.indices.filter { all.contains($0) }
        } else if case .allBut(let but) = target {
            let left = resolve(but, by: step)
            targets = nodes.indices.filter { !left.contains($0) }
        } else {
            targets = nodes.indices.filter { means(target, $0) }
        }
        return targets
    }

    /// Whether a target means this process; `any` means each of its group.
    public func means(_ target: Target, _ node: Int) -> Bool {
        switch target {
        case .node(let id): configuration.nodes[node].id == id
        case .controller: controller == node
        case .follower(let place):
            nodes.indices.filter { belongs($0, to: .voter) && $0 != controller }
                .dropFirst(place).first == node
        case .any(let group), .every(let group): belongs(node, to: group)
        case .allBut(let target): !means(target, node)
        case .several(let targets): targets.contains { means($0, node) }
        case .same: script.lastTargets.contains(node)
        }
    }

    public func belongs(_ node: Int, to group: Target.Group) -> Bool {
        let process = processes[node]
        switch group {
        case .node: return true
        case .voter: return isVoter(node)
        case .observer: return !isVoter(node)
        case .follower:
            return isVoter(node) && process.thread.isUp && controller != node
        case .down: return !process.thread.isUp
        case .running: return process.thread.isUp
        case .paused: return process.thread.isPaused
        }
    }

    /// Whether the voter set that counts has this node: the controller's, or the longest log's.
    public func isVoter(_ node: Int) -> Bool {
        var source = controller
        if source == nil {
            source = nodes.indices.max {
                (nodes[$0].quorum.epoch, nodes[$0].log.end)
                    < (nodes[$1].quorum.epoch, nodes[$1].log.end)
            }
        }
        guard let source, !nodes[source].voters.voters.isEmpty else {
            return configuration.nodes[node].isVoter
        }
        let id = configuration.nodes[node].id
        return nodes[source].voters.voters.contains { $0.key.id == id }
    }

    /// Whether a condition holds now. A target that means several must all meet it, unless it says
    /// `any`; a target that means nobody meets nothing.
    public func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .hasController: controller != nil
        case .role(let target, let role):
            holds(for: target) { $0.thread.isUp && $0.summary.role == role }
        case .epoch(let target, let epoch): holds(for: target) { $0.summary.epoch >= epoch }
        case .logEnd(let target, let end): holds(for: target) { $0.summary.logEnd >= end }
        case .highWatermark(let target, let offset):
            holds(for: target) { ($0.summary.highWatermark ?? -1) >= offset }
        case .isRunning(let target): holds(for: target) { $0.thread.isUp }
        case .isDown(let target): holds(for: target) { !$0.thread.isUp }
        case .not(let condition): !holds(condition)
        case .all(let conditions): conditions.allSatisfy { holds($0) }
        case .any(let conditions): conditions.contains { holds($0) }
        }
    }

    private func holds(for target: Target, _ predicate: (borrowing Process) -> Bool) -> Bool {
        if case .any = target {
            return nodes.indices.contains { means(target, $0) && predicate(processes[$0]) }
        }
        var isAnybody = false
        for node in nodes.indices where means(target, node) {
            if !predicate(processes[node]) { return false }
            isAnybody = true
        }
        return isAnybody
    }
}

extension Purpose {
    /// Which of several possible targets a step means.
    static let targetPick = Purpose(code: 0x0302)
}
