import Kernel

@testable import Kafka

/// Broker 0 and its replica of orders-0, for stories. Commands, each with what it says:
///
///     replica [min-isr=2] [racks=a,b,b] [segment=200] [with=FIX,…] [without=FIX,…]
///     elect 0 epoch=1 isr=0,1,2 [replicas=0,1,2]      the metadata log names the leader
///     broker 1 [epoch=111] [fenced] [shutting-down]   how the metadata log has it now
///     produce [acks=1] [records=2] [timeout=1000]     to all of the ISR unless told otherwise
///     fetch 1 at=0 [epoch=1] [last=1] [start=0] [wait=500]      a follower's
///     read at=0 [rack=b] [epoch=1] [wait=500]         a consumer's
///     latest                                          which offset a consumer would begin at
///     delete below=2 [timeout=5000]
///     check-isr                                       who lags?
///     agree | refuse ERROR                            the controller answers
///     pass 15000                                      so many milliseconds go by
///     kill | stop | checkpoint
///     show
struct PartitionStage: InteractionStage {
    private var test = TestReplicas()
    private var labels: [(token: ReplyToken, words: String)] = []
    private var brokerEpoch: Int64 = 100

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        _ = test.takeEffects()
        let before = max(test.highWatermark, 0)
        var asked: ReplyToken?
        switch command.verb {
        case "produce", "fetch", "read", "delete": asked = try ask(command)
        case "latest": return latest()
        case "show": return [state]
        default: try play(command)
        }
        var said = try test.takeEffects().compactMap { try words($0) }
        if let asked, test.reply(to: asked) == nil { said.append("it waits") }
        let after = test.highWatermark
        if after >= 0, after != before, command.verb != "replica" {
            said.append("high watermark \(after)")
        }
        return said
    }

    // MARK: What is played

    private mutating func play(_ command: InteractionCommand) throws {
        switch command.verb {
        case "replica": try start(command)
        case "elect":
            test.elect(
                try command.int(0), epoch: try number("epoch", of: command) ?? 1,
                isr: list(command.value("isr")),
                replicas: command.value("replicas").map { list($0) } ?? [0, 1, 2])
        case "broker":
            test.register(
                try command.int(0), epoch: try number("epoch", of: command),
                fenced: command.has("fenced"), shuttingDown: command.has("shutting-down"))
        case "check-isr": test.checkISR()
        case "agree": test.agree()
        case "refuse":
            guard let error = KafkaError(name: try command.word(0)) else {
                throw InteractionCommand.NotUnderstood(description: "no such error")
            }
            test.refuse(error)
        case "pass": test.pass(.milliseconds(try command.int(0)))
        case "checkpoint": test.receive(.timer(.checkpointHighWatermarks))
        case "kill", "stop":
            brokerEpoch += 10
            test.restart(clean: command.verb == "stop", epoch: brokerEpoch)
        default: throw InteractionCommand.NotUnderstood(description: "unknown verb")
        }
    }

    private mutating func start(_ command: InteractionCommand) throws {
        test = TestReplicas(
            minISR: try number("min-isr", of: command) ?? 1,
            with: try fixes(command.value("with")), without: try fixes(command.value("without")),
            racks: (command.value("racks") ?? "").split(separator: ",").map(String.init),
            segmentBytes: try number("segment", of: command) ?? 1 << 30)
        _ = test.takeEffects()
    }

    private func fixes(_ names: String?) throws -> [Fix] {
        try (names ?? "").split(separator: ",").map { name in
            guard let fix = Fix.allCases.first(where: { $0.name == name }) else {
                throw InteractionCommand.NotUnderstood(description: "no fix \(name)")
            }
            return fix
        }
    }

    private func list(_ text: String?) -> [Int32] {
        (text ?? "").split(separator: ",").compactMap { Int32($0) }
    }

    private func number<Number: FixedWidthInteger>(
        _ name: String, of command: InteractionCommand, as: Number.Type = Number.self
    ) throws -> Number? {
        guard let text = command.value(name) else { return nil }
        guard let number = Number(text) else {
            throw InteractionCommand.NotUnderstood(description: "\(name)=\(text)")
        }
        return number
    }

    // MARK: Requests

    private mutating func ask(_ command: InteractionCommand) throws -> ReplyToken {
        func milliseconds(_ name: String, or other: Int64) throws -> Interval {
            .milliseconds(try number(name, of: command) ?? other)
        }
        let words = ([command.verb] + command.words
            + command.fields.filter { ["at", "below", "records"].contains($0.name) }
                .map { "\($0.name)=\($0.value)" }).joined(separator: " ")
        // Tokens count up from one, and each request takes one.
        labels.append((ReplyToken(UInt64(labels.count + 1)), words))
        switch command.verb {
        case "produce":
            return test.produce(
                acks: try number("acks", of: command) ?? -1,
                records: try number("records", of: command) ?? 1,
                timeout: try milliseconds("timeout", or: 30_000))
        case "fetch":
            return test.fetch(
                try command.int(0), at: try number("at", of: command) ?? 0,
                epoch: try number("epoch", of: command), last: try number("last", of: command),
                start: try number("start", of: command) ?? 0,
                brokerEpoch: try number("broker-epoch", of: command),
                wait: try milliseconds("wait", or: 0))
        case "read":
            return test.consume(
                at: try number("at", of: command) ?? 0, epoch: try number("epoch", of: command),
                rack: command.value("rack"), wait: try milliseconds("wait", or: 0))
        default:
            return test.deleteRecords(
                below: try number("below", of: command) ?? -1,
                timeout: try milliseconds("timeout", or: 5_000))
        }
    }

    private mutating func latest() -> [String] {
        labels.append((ReplyToken(UInt64(labels.count + 1)), "latest"))
        let answer = test.latestOffset()
        _ = test.takeEffects()
        guard let answer, answer.error == .none else { return [answer?.error.name ?? "?"] }
        return ["offset \(answer.offset)"]
    }

    // MARK: Words

    private func words(_ effect: ReplicaEffect) throws -> String? {
        switch effect {
        case .reply(let reply, let token):
            let label = labels.first { $0.token == token }?.words ?? "?"
            return "\(label): \(words(reply))"
        case .alterPartition(let request):
            let isr = request.partitions[0].isr.map { member in
                "\(member.broker.rawValue)" + (member.epoch.map { "@\($0)" } ?? "")
            }
            return "asks for the ISR \(isr.joined(separator: ","))"
        case .startFetching(let start):
            return "copies from \(start.leader.rawValue), from \(start.offset) on"
        case .note(.becameLeader(_, let epoch, let start)):
            return "leads epoch \(epoch) from \(start) on"
        case .note(.committedISR(_, let isr)):
            return "ISR \(isr.map { "\($0.rawValue)" }.joined(separator: ","))"
        default: return nil
        }
    }

    private func words(_ reply: BrokerReply) -> String {
        switch reply {
        case .produce(let replies):
            return replies[0].error == .none
                ? "written at \(replies[0].baseOffset)" : replies[0].error.name
        case .fetch(let reply): return words(reply.partitions[0])
        case .deleteRecords(let replies):
            return "\(replies[0].error.name), low watermark \(replies[0].lowWatermark)"
        default: return "?"
        }
    }

    private func words(_ reply: FetchPartitionReply) -> String {
        if reply.error != .none { return reply.error.name }
        if let preferred = reply.preferredReadReplica { return "ask \(preferred.rawValue)" }
        if let parting = reply.diverging {
            return "epoch \(parting.epoch) ended at \(parting.endOffset)"
        }
        let records = reply.batches.map { "\($0.baseOffset)..\($0.lastOffset)" }
        let found = records.isEmpty ? "nothing" : records.joined(separator: " ")
        return "\(found), high watermark \(reply.highWatermark)"
    }

    private var state: String {
        guard let partition = test.partition else { return "no replica" }
        let log = partition.log
        let offsets = "log \(log.logStartOffset)..\(log.endOffset),"
            + " high watermark \(log.highWatermark)"
        guard let leadership = partition.leadership else { return "follower, \(offsets)" }
        func words(_ nodes: [NodeID]) -> String {
            nodes.map { "\($0.rawValue)" }.joined(separator: ",")
        }
        let isr = leadership.isr
        let maximal = isr.maximal == isr.committed ? "" : " (perhaps \(words(isr.maximal)))"
        return "leader, \(offsets), ISR \(words(isr.committed))\(maximal)"
    }
}
