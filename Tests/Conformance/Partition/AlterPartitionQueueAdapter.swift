import Kernel

@testable import Kafka

/// alter-partition-queue.vec: the queue alone.
struct AlterPartitionQueueAdapter: VectorAdapter {
    private let node: NodeID
    private var brokerEpoch: Int64
    private var now: Int64
    private var queue = AlterPartitionQueue()
    private var names: [Int32: String] = [:]
    private var inFlight: [Int32] = []
    private var requests = 0
    private var alarm: Instant?

    init(case line: VectorLine) throws {
        node = NodeID(try line.int("broker"))
        brokerEpoch = try line.int("brokerEpoch")
        now = try line.int("now")
    }

    static func isEffect(_ line: VectorLine) -> Bool {
        line.verb == "sent" || line.verb == "completed"
    }

    mutating func perform(_ line: VectorLine, _ effects: inout [String]) throws -> String? {
        switch line.verb {
        case "broker-epoch": brokerEpoch = try VectorText.int(try line.word(0))
        case "tick": tick(try VectorText.int(try line.word(0)), &effects)
        case "submit": return try submit(line, &effects)
        case "alter-partition-response": try respond(line, &effects)
        default: throw VectorFormError(description: "unknown verb")
        }
        return nil
    }

    private mutating func submit(_ line: VectorLine, _ effects: inout [String]) throws -> String {
        let number: Int32 = try line.int("partition")
        let isr = try line.list("isr").map { text -> AlterPartitionRequest.Member in
            let (broker, epoch) = VectorText.halves(text, at: "@")
            let known: Int64 = try VectorText.int(epoch ?? "-1")
            return AlterPartitionRequest.Member(
                NodeID(try VectorText.int(broker)), epoch: known == -1 ? nil : known)
        }
        let change = AlterPartitionRequest.Partition(
            TopicIDPartition(PartitionWords.topic, number),
            leaderEpoch: try line.int("leaderEpoch"),
            partitionEpoch: try line.int("partitionEpoch"), isr: isr)
        guard queue.submit(change) else { return "error OPERATION_NOT_ATTEMPTED" }
        let name = String(try line.text("id"))
        names[number] = name
        send(&effects)
        return "pending id=\(name)"
    }

    private mutating func send(_ effects: inout [String]) {
        guard let request = queue.takeRequest(from: node, epoch: brokerEpoch) else { return }
        requests += 1
        inFlight = request.partitions.map(\.partition.partition)
        let words = request.partitions.map { change in
            "p\(change.partition.partition)=\(change.leaderEpoch)/\(change.partitionEpoch)"
                + "/\(PartitionWords.members(change.isr))"
        }
        effects.append(
            "sent api=alter-partition request=\(requests) -> brokerEpoch=\(request.epoch) "
                + words.joined(separator: " "))
    }

    private mutating func respond(_ line: VectorLine, _ effects: inout [String]) throws {
        guard let settled = queue.settle(try answer(line)) else {
            queue.conclude()
            alarm = queue.scheduleResend(at: PartitionWords.instant(now + 50))
            return
        }
        var completed: [String] = []
        for one in settled {
            let name = names.removeValue(forKey: one.change.partition.partition) ?? "?"
            completed.append("completed id=\(name) -> \(text(one.reply))")
        }
        queue.conclude()
        effects += completed.sorted { number(in: $0) < number(in: $1) }
        send(&effects)
    }

    private func number(in completed: String) -> Int {
        Int(completed.drop { $0 != "=" }.dropFirst(2).prefix { $0.isNumber }) ?? 0
    }

    private func text(_ reply: AlterPartitionReply) -> String {
        switch reply {
        case .failed(let error): "error \(error.name)"
        case .altered(let partition):
            "ok leader=\(partition.leader.rawValue) leaderEpoch=\(partition.leaderEpoch)"
                + " partitionEpoch=\(partition.partitionEpoch)"
                + " isr=\(PartitionWords.list(partition.isr))"
        }
    }

    private func answer(_ line: VectorLine) throws -> AlterPartitionAnswer {
        switch line.value(of: "failed") {
        case nil: break
        case "authentication": return .failed(.networkException)
        default: return .failed(.unsupportedVersion)
        }
        let top = try PartitionWords.error(try line.text("topError"))
        if top != .none { return .failed(top) }
        return .partitions(try inFlight.map { try reply(try line.text("p\($0)")) })
    }

    private func reply(_ text: Substring) throws -> AlterPartitionReply? {
        if text == "missing" { return nil }
        // What cannot be understood is an error of which nothing is known.
        if text == "bad-recovery-state" { return .failed(.unknownServerError) }
        let parts = VectorText.split(text, at: UInt8(ascii: "/"))
        guard parts.count == 3 else { return .failed(try PartitionWords.error(text)) }
        return .altered(
            PartitionRegistration(
                replicas: [], isr: try PartitionWords.nodes(try VectorText.list(parts[2])),
                leader: node, leaderEpoch: try VectorText.int(parts[0]),
                partitionEpoch: try VectorText.int(parts[1]), directories: []))
    }

    private mutating func tick(_ milliseconds: Int64, _ effects: inout [String]) {
        let end = now + milliseconds
        while let next = alarm, next <= PartitionWords.instant(end) {
            now = PartitionWords.milliseconds(next)
            alarm = queue.takeResend(at: next)
            send(&effects)
        }
        now = end
    }
}
