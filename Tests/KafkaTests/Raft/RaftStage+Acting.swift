import Kafka
import Kernel

/// Messages and what nodes do with them.
extension RaftStage {
    /// `deliver`: all, and what is sent in answer, until nothing travels. `deliver 1->3 Vote`: what
    /// travels there now, or only the messages of that name.
    mutating func deliver(_ words: [String]) {
        if words.isEmpty {
            for _ in 0..<1_000 where !messages.isEmpty { deliver(messages.removeFirst()) }
            return
        }
        for message in take(words) { deliver(message) }
    }

    /// Messages that travel and are meant by these words; they travel no longer.
    mutating func take(_ words: [String]) -> [Message] {
        let taken = messages.filter { matches($0, words) }
        messages = messages.filter { !matches($0, words) }
        return taken
    }

    private func matches(_ message: Message, _ words: [String]) -> Bool {
        words.allSatisfy { word in
            word.contains("->") ? message.link == word : message.words.hasPrefix(word)
        }
    }

    private mutating func deliver(_ message: Message) {
        if isolated.contains(message.from) || isolated.contains(message.to) { return }
        if nodes[message.to] == nil || isFutile(message) {
            if case .request(_, let token) = message.input, let asker = askers[token.rawValue] {
                give(.failure(.disconnected, of: asker.correlation), to: asker.node)
            }
            return
        }
        output.append("\(message.link) \(message.words)")
        give(message.input, to: message.to)
    }

    /// Whoever knows no leader, or one that has resigned, asks again and again, as fast as answers
    /// come. On the stage such a question reaches only those who know better.
    private func isFutile(_ message: Message) -> Bool {
        guard case .request(.fetch, _) = message.input, let asked = nodes[message.to]?.quorum
        else { return false }
        if asked.leader == message.from { return false }
        return asked.leader.flatMap { nodes[$0]?.quorum.role } != .leader
    }

    /// Something reaches a node; what comes of it is told below.
    mutating func give(_ input: RaftInput, to id: NodeID) {
        guard let before = nodes[id]?.quorum else { return }
        var effects = RaftEffects()
        nodes[id]?.receive(input, at: now, &choices, &effects)
        if let after = nodes[id]?.quorum { tellRole(id, before, after) }
        for effect in effects.items { carryOut(effect, of: id) }
    }

    private mutating func tellRole(_ id: NodeID, _ before: QuorumState, _ after: QuorumState) {
        let same = before.role == after.role && before.epoch == after.epoch
        if same && before.leader == after.leader { return }
        let leader = after.leader.map { " of \($0.rawValue)" } ?? ""
        let whose = after.role == .follower ? leader : ""
        say(id, "becomes \(after.role)\(whose), epoch \(after.epoch)")
    }

    private mutating func say(_ id: NodeID, _ text: String) {
        output.append("  \(id.rawValue) \(text)")
    }

    private mutating func carryOut(_ effect: RaftEffect, of id: NodeID) {
        switch effect {
        case .send(let its):
            let token = nextToken
            nextToken += 1
            askers[token] = (id, its.correlation)
            messages.append(
                Message(
                    from: id, to: its.destination.endpoint.host,
                    input: .request(its.request, from: ReplyToken(token)),
                    words: its.request.words))
        case .reply(let its):
            guard let asker = askers[its.token.rawValue] else {
                say(id, "answers \(its.response.words)")
                return
            }
            messages.append(
                Message(
                    from: id, to: asker.node,
                    input: .response(its.response, to: asker.correlation),
                    words: its.response.words))
        case .cut(.log, _): say(id, "cuts its log at \(nodes[id]?.log.end ?? 0)")
        case .tell(let news): tell(news, id)
        case .callResult(let result): tell(result, id)
        case .died(let death):
            say(id, "dies: \(death.reason.rawValue)")
            end(id)
        case .stopped(let isInTime):
            say(id, isInTime ? "stops" : "stops, out of time")
            end(id)
        case .persist, .write, .flush, .delete, .cut: break
        }
    }

    private mutating func end(_ id: NodeID) {
        disks[id] = nodes[id]?.storage
        nodes[id] = nil
    }

    private mutating func tell(_ news: RaftNews, _ id: NodeID) {
        switch news {
        case .committed(let batches):
            guard let first = batches.first, let last = batches.last else { return }
            say(id, "commits \(first.baseOffset)..\(last.endOffset - 1)")
        case .leaderChange(let leader, let epoch):
            if leader == id { say(id, "may lead epoch \(epoch)") }
        case .loadSnapshot(let snapshot): say(id, "loads snapshot \(words(snapshot.id))")
        case .loadBootstrap: break
        }
    }

    private mutating func tell(_ result: RaftCallResult, _ id: NodeID) {
        switch result {
        case .appended(let last): say(id, "takes records up to \(last)")
        case .snapshotCreated(let isNew): say(id, isNew ? "writes a snapshot" : "has that snapshot")
        case .logCleaned(let isDeleted):
            say(id, isDeleted ? "deletes what is old" : "deletes nothing")
        case .upgraded: say(id, "raises kraft.version")
        case .refused(let refusal): say(id, "refuses: \(refusal)")
        }
    }

    func words(_ position: OffsetAndEpoch) -> String { "\(position.offset)@\(position.epoch)" }

    // MARK: Calls

    mutating func call(_ verb: String, _ words: [String]) throws {
        let id = try id(words[0])
        let epoch = nodes[id]?.quorum.epoch ?? 0
        switch verb {
        case "append":
            let count = Int32(words[1]) ?? 1
            give(
                .append(
                    RaftProposal(
                        epoch: epoch, count: count, firstItem: nextItem, sizeInBytes: 10 * count)),
                to: id)
            nextItem += Int64(count)
        case "resign": give(.resign(epoch: epoch), to: id)
        case "shutdown": give(.shutdown(timeout: .seconds(5)), to: id)
        case "snapshot":
            guard let log = nodes[id]?.log else { return }
            let position = OffsetAndEpoch(log.highWatermark, log.lastEpoch)
            give(.createSnapshot(id: position, sizeInBytes: 100, stateFingerprint: 0), to: id)
            give(.deleteBeforeSnapshot(position), to: id)
        case "add", "remove":
            let other = try self.id(words[1])
            let voter = ReplicaKey(other, DirectoryID(UInt64(other.rawValue)))
            let request: RaftRequest =
                verb == "remove"
                ? .removeVoter(voter)
                : .addVoter(
                    .init(voter: voter, endpoint: Endpoint(host: other), ackWhenCommitted: true))
            give(.request(request, from: ReplyToken(UInt64.max - nextToken)), to: id)
        default: throw InteractionCommand.NotUnderstood(description: "unknown command \(verb)")
        }
    }

    // MARK: Looking

    mutating func describeNodes(_ ids: [NodeID]) {
        for id in ids {
            guard let node = nodes[id] else {
                output.append("\(id.rawValue) is down")
                continue
            }
            let quorum = node.quorum
            var line = "\(id.rawValue) \(quorum.role) epoch=\(quorum.epoch)"
            line += " leader=\(quorum.leader.map { "\($0.rawValue)" } ?? "-")"
            line += " log=\(node.log.start)..\(words(node.log.endOffsetAndEpoch))"
            line += " hw=\(quorum.highWatermark.map { "\($0)" } ?? "-")"
            if let voted = quorum.voted { line += " voted=\(voted.id.rawValue)" }
            if node.kraftVersion > 0 {
                let voters = node.voters.voters.map { "\($0.key.id.rawValue)" }
                line += " voters=[\(voters.joined(separator: ","))]"
            }
            output.append(line)
        }
    }

    mutating func describeDeadline(_ id: NodeID) {
        guard let deadline = nodes[id]?.nextDeadline else { return }
        let left = deadline == .never ? nil : (deadline - now).wholeMilliseconds
        output.append("\(id.rawValue) looks again \(left.map { "in \($0) ms" } ?? "when asked")")
    }

    mutating func describeLog(_ id: NodeID) {
        guard let log = nodes[id]?.log else { return }
        for batch in log.read(from: log.start) {
            let what =
                if case .control = batch.content { "control" } else { "data" }
            let range = "\(batch.baseOffset)..\(batch.endOffset - 1)"
            output.append("\(range) epoch=\(batch.epoch) \(what)")
        }
    }
}
