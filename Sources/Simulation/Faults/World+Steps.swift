import Kafka
import Kernel

/// When steps fire, and what they do.
extension World {
    mutating func scheduleScript() {
        for place in configuration.steps.indices {
            let step = configuration.steps[place]
            guard case .at(let instant) = step.trigger else { continue }
            queue.schedule(.step(Int32(place)), at: instant + step.delay)
        }
        if script.watched != 0 { watch() }
        scheduleChaos()
    }

    /// Something has happened that a step may wait for. What comes before zero is no part of the
    /// run.
    mutating func watch() {
        guard now >= .zero else { return }
        if script.hasAdvanced { script.hasAdvanced = false }
        var triggered = false
        for place in script.waiting where isTriggered(place) {
            triggered = true
            script.steps[place].isTriggered = true
            queue.schedule(.step(Int32(place)), at: now + configuration.steps[place].delay)
        }
        guard triggered else { return }
        let steps = script.steps
        script.waiting.removeAll { steps[$0].isTriggered }
        script.setWatched(configuration)
    }

    private mutating func isTriggered(_ place: Int) -> Bool {
        if configuration.steps[place].comesNext, place > 0, !script.steps[place - 1].isOver {
            return false
        }
        switch configuration.steps[place].trigger {
        case .at: return false
        case .when(let condition): return holds(condition)
        case .after(let occurrence):
            guard noted & occurrence.kind.bit != 0 else { return false }
            for note in notes where matches(note, occurrence) {
                script.steps[place].remaining -= occurrence.amount(of: note.happening)
            }
            return script.steps[place].remaining <= 0
        }
    }

    /// Whether this happening is one that the occurrence means.
    public func matches(_ note: Note, _ occurrence: Occurrence) -> Bool {
        guard note.happening.kind == occurrence.kind else { return false }
        if let by = occurrence.by, !means(by, subject(of: note)) { return false }
        if let about = occurrence.about {
            if case .metadata(.removedTopic(let topic)) = note.happening {
                return about.partitions == nil && feed.name(of: topic) == about.topic
            }
            if case .metadata(.config(.topic(let topic), _, _)) = note.happening {
                return about.partitions == nil && topic == about.topic
            }
            guard let partition = note.happening.partition, names(about, partition) else {
                return false
            }
        }
        if let error = occurrence.error, note.happening.error != error { return false }
        if let offset = occurrence.offset, !note.happening.concerns(offset: offset) { return false }
        if let epoch = occurrence.epoch, note.happening.epoch != epoch { return false }
        return true
    }

    /// Whose happening it is. What the metadata log says of a broker is the broker's, and the rest
    /// of it the controller's, whoever was the first to read it.
    private func subject(of note: Note) -> Int {
        guard case .metadata(let change) = note.happening else { return note.node }
        switch change {
        case .registered(let broker, _), .fenced(let broker), .unfenced(let broker):
            return index(of: broker) ?? note.node
        case .partition, .replicas, .config, .removedTopic: return controller ?? note.node
        }
    }

    mutating func fire(_ place: Int) {
        fingerprint.combine(UInt64(place) << 8 | 5)
        let step = configuration.steps[place]
        let step32 = Int32(place)
        script.steps[place].isOver = true
        script.steps[place].firedAt = now
        let isLast = place + 1 == configuration.steps.count
        if !isLast, configuration.steps[place + 1].comesNext { script.hasAdvanced = true }
        let hasFired: Bool
        switch step.action {
        case .fault(let fault):
            let hasStruck = apply(fault, lasting: step.lasting, by: step32)
            // A fault of requests, or of threads, has fired when one has suffered from it.
            switch fault {
            case .disturb, .hold: hasFired = false
            default: hasFired = hasStruck
            }
        case .heal(let healing):
            trace { _ in "heal \(healing.words)" }
            hasFired = heal(healing)
        case .admin(let admin): hasFired = ask(admin, by: step32)
        case .propose(let records): hasFired = proposeOnce(Int32(clamping: records))
        case .send(let target, let order): hasFired = send(order, from: target, by: step32)
        case .tell(let target, let order): hasFired = tell(order, to: target, by: step32)
        case .manage(let order, let entrance, let patience):
            hasFired = self.order(
                order, throughBrokers: entrance == .brokers, within: patience, by: step32)
            // A topic is described as its tool does it: its partitions, and its settings.
            if case .describe(.topic(let topic?)) = order {
                _ = self.order(
                    .describe(.configs(.topic(topic))), within: patience, by: step32)
            }
        case .prefer(let target, let partition):
            hasFired = prefer(target, partition, by: step32)
        case .markClean(let target): hasFired = markClean(target, by: step32)
        }
        if hasFired { script.steps[place].hasFired = true }
    }

    private mutating func proposeOnce(_ records: Int32) -> Bool {
        guard let controller, processes[controller].machine.leading != nil else { return false }
        let settings = ProposerConfiguration(every: .zero, batchRecords: records)
        propose(settings, -1, controller)
        if processes[controller].thread.isFree { workOff(controller) }
        return true
    }

    // MARK: Administration

    private mutating func ask(_ admin: Step.Admin, by step: Int32) -> Bool {
        guard let controller else { return false }
        let epoch = processes[controller].summary.epoch
        switch admin {
        case .addVoter(let target):
            let targets = aim(at: target, by: step)
            for node in targets where node < nodes.count {
                let its = configuration.nodes[node]
                let voter = ReplicaKey(its.id, nodes[node].storage.directory)
                let endpoint = Endpoint(host: its.id, port: processes[node].port)
                ask(.addVoter(.init(voter: voter, endpoint: endpoint, ackWhenCommitted: true)))
            }
            return !targets.isEmpty
        case .removeVoter(let target):
            let targets = aim(at: target, by: step)
            for node in targets where node < nodes.count {
                let id = configuration.nodes[node].id
                let known = nodes[controller].voters.voters.first { $0.key.id == id }?.key
                ask(.removeVoter(known ?? ReplicaKey(id, nodes[node].storage.directory)))
            }
            return !targets.isEmpty
        case .describe: ask(.describeQuorum)
        case .upgradeKRaftVersion(let version):
            command(
                .upgradeVersion(version, epoch: epoch, validateOnly: false), controller)
        case .resign: command(.resign(epoch: epoch), controller)
        case .snapshot(let target):
            let targets = aim(at: target, by: step)
            for node in targets where node < nodes.count && processes[node].thread.isUp {
                writeSnapshot(
                    sizeInBytes: configuration.snapshots?.sizeInBytes ?? 1_000_000, node)
                if processes[node].thread.isFree { workOff(node) }
            }
            return !targets.isEmpty
        }
        return true
    }

    /// Whom a step means; `same` in the next step will mean them, too.
    mutating func aim(at target: Target, by step: Int32) -> [Int] {
        let targets = resolve(target, by: step)
        if !targets.isEmpty { script.lastTargets = targets }
        return targets
    }

    /// The administrator's request to whoever leads.
    mutating func ask(_ request: RaftRequest) {
        guard let controller else { return }
        script.adminRequests += 1
        trace { "admin -> \($0.name(controller)) \(request.words)" }
        command(
            .request(request, from: ReplyToken(1 << 63 | script.adminRequests)), controller)
    }

    /// Tokens of connections never have the highest bit.
    func isAdmin(_ token: ReplyToken) -> Bool { token.rawValue >> 63 == 1 }

    mutating func answerAdmin(_ response: RaftResponse, _ process: Int) {
        trace { "\($0.name(process)) -> admin \(response.words)" }
        script.answers.append(AdminAnswer(response, at: now))
    }
}
