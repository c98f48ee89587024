import Kernel

@testable import Kafka

/// What happened during one operation, in the order in which the files tell it.
struct RunLog {
    private struct Done {
        var partition: Int32
        var first: Int
        var last: Int
        /// -1: unknown; nil: it failed.
        var offset: Int64?
        var words: String
    }

    private var told: [String] = []
    private var dones: [Done] = []
    private var afterwards: [String] = []
    var appending: SendTicket?
    var partition: Int32 = 0
    var isBlocked = false
    var answer: String?

    mutating func sent(_ line: String) {
        tellDones()
        told.append(line)
    }

    /// Comes after everything else.
    mutating func after(_ line: String) { afterwards.append(line) }

    mutating func done(_ completion: BatchCompletion, _ names: RecordNames) {
        for (index, ticket) in completion.tickets.enumerated() {
            let name = names[ticket]
            var one = Done(
                partition: name.partition, first: name.index, last: name.index, offset: nil,
                words: "")
            switch completion.outcome {
            case .written(let base, let time):
                one.offset = base < 0 ? -1 : base + Int64(index)
                one.words = "ts=\(time < 0 ? "create" : "\(time)")"
            case .failed(let error): one.words = error.words
            case .refused(let records, let error):
                let isRefused = records.contains(Int32(index))
                one.words = isRefused ? error.words : ClientError.kafka.words
            }
            add(one)
        }
    }

    private mutating func add(_ one: Done) {
        if let last = dones.last, last.partition == one.partition, last.words == one.words,
            last.last + 1 == one.first, follows(one.offset, last)
        {
            dones[dones.count - 1].last = one.last
        } else {
            dones.append(one)
        }
    }

    private func follows(_ offset: Int64?, _ last: Done) -> Bool {
        guard let offset, let before = last.offset else { return offset == last.offset }
        if offset == -1 || before == -1 { return offset == before }
        return offset == before + Int64(last.last - last.first) + 1
    }

    private mutating func tellDones() {
        let sorted = dones.enumerated().sorted { left, right in
            (left.element.partition, left.offset) < (right.element.partition, right.offset)
        }
        for (_, one) in sorted {
            let outcome = one.offset.map { "ok offset=\($0) \(one.words)" } ?? "error \(one.words)"
            told.append("done p=\(one.partition) recs=\(one.first)..\(one.last) -> \(outcome)")
        }
        dones = []
    }

    mutating func lines() -> [String] {
        tellDones()
        return told + afterwards
    }
}

/// State lines that tell only the fields that have changed.
struct ChangedFields {
    private var last: [String: [String]] = [:]

    mutating func tell(_ subject: String, _ fields: [String], _ effects: inout [String]) {
        let before = last[subject] ?? []
        let changed = fields.enumerated().filter { index, field in
            index >= before.count || before[index] != field
        }
        last[subject] = fields
        if changed.isEmpty { return }
        effects.append("state \(subject) -> ok \(changed.map(\.element).joined(separator: " "))")
    }
}

/// Requests.
extension SenderAdapter {
    func words(_ request: ProducerRequest) -> String {
        let (api, version, fields) = words(request.body, isV2: request.isV2)
        return "sent R\(request.number.rawValue) -> ok api=\(api) version=\(version)"
            + " node=\(request.node.rawValue) \(fields)"
    }

    private func words(
        _ body: ProducerRequest.Body, isV2: Bool
    ) -> (api: String, version: Int, fields: String) {
        switch body {
        case .produce(let batches):
            let settings = producer.settings
            let fields =
                "acks=\(settings.acks.rawValue)"
                + " timeout=\(settings.requestTimeout.wholeMilliseconds)"
                + " transactionalId=\(settings.transactionalID ?? "-")"
                + " batches=\(ProducerWords.list(batches.map(words)))"
            return ("Produce", settings.isTransactional && !isV2 ? 11 : 13, fields)
        case .metadata: return ("Metadata", 13, "")
        case .transactional(let body): return words(body)
        }
    }

    private func words(_ one: ProducerRequest.PartitionBatch) -> String {
        var words = "\(one.partition.rawValue):\(names.range(one.tickets))"
        if one.batch.baseSequence != Absent.sequence {
            words += ":\(one.batch.producerID.rawValue)/\(one.batch.producerEpoch)"
            words += "/\(one.batch.baseSequence)"
        }
        return one.batch.isTransactional ? words + ":txn" : words
    }

    private func words(
        _ body: TransactionalRequest.Body
    ) -> (api: String, version: Int, fields: String) {
        switch body {
        case .findCoordinator(let kind, let key):
            let type = kind == .group ? "GROUP" : "TRANSACTION"
            return ("FindCoordinator", 6, "type=\(type) key=\(key)")
        case .initProducerID(let identity, _):
            let id = producer.settings.transactionalID
            let timeout =
                id == nil
                ? Int64(Int32.max) : producer.settings.transactionTimeout.wholeMilliseconds
            return (
                "InitProducerId", 5,
                "transactionalId=\(id ?? "-") timeout=\(timeout) id=\(identity.words)"
            )
        case .addPartitions(let partitions, let identity):
            return (
                "AddPartitionsToTxn", 3, "id=\(identity.words) partitions=\(words(partitions))"
            )
        case .addOffsets(let group, _, let identity):
            return ("AddOffsetsToTxn", 4, "id=\(identity.words) group=\(group.group)")
        case .commitOffsets(let group, let offsets, let identity, let isV2):
            return (
                "TxnOffsetCommit", isV2 ? 5 : 4,
                "id=\(identity.words) group=\(group.group) member=\(group.member)"
                    + " generation=\(group.generation) offsets=\(words(offsets))"
            )
        case .end(let commits, let identity, let isV2):
            return ("EndTxn", isV2 ? 5 : 4, "id=\(identity.words) commit=\(commits)")
        }
    }

    private func words(_ offsets: [OffsetToCommit]) -> String {
        ProducerWords.list(offsets.map { "\($0.partition.partition)=\($0.offset)" })
    }

    private func words(_ partitions: [PartitionRef]) -> String {
        ProducerWords.list(partitions.map { "\($0.rawValue)" })
    }
}

/// States.
extension SenderAdapter {
    mutating func tellStates(_ effects: inout [String]) {
        let metadata = producer.metadata
        if metadata.partitions.isEmpty { return }
        states.tell(
            "metadata",
            ["leaders=\(ProducerWords.leaders(metadata))", "update=\(metadata.isUpdateRequested)"],
            &effects)
        if tellsMemory {
            let pool = producer.accumulator.pool
            states.tell(
                "memory", ["free=\(pool.available)", "waiting=\(pool.waiting.count)"], &effects)
        }
        for partition in metadata.topics[topic.index].partitions {
            states.tell("p=\(partition.rawValue)", fields(of: partition), &effects)
        }
        if producer.settings.isIdempotent { states.tell("producer", fields(), &effects) }
    }

    private func fields(of partition: PartitionRef) -> [String] {
        let queue = producer.accumulator.partitions[partition.index]
        var fields = [
            "queue=\(ProducerWords.list(queue.batches.all.map(words)))",
            "flying=\(ProducerWords.list(producer.flying[partition.index].map(words)))",
        ]
        if producer.settings.maxInFlight == 1 { fields.append("muted=\(queue.isMuted)") }
        if !producer.settings.isIdempotent { return fields }
        let sequences = producer.identity.sequences(of: partition)
        let offset = sequences.lastAcknowledgedOffset
        let acked = sequences.lastAcknowledged
        let tracked = sequences.tracked.map { names.range(producer.batches[$0].tickets) }
        let unresolved = producer.identity.partitions[partition.index].unresolved
        return fields + [
            "id=\(sequences.identity.words)", "next=\(sequences.next)",
            "acked=\(acked == Absent.sequence ? "-" : "\(acked)")",
            "ackedOffset=\(offset < 0 ? "-" : "\(offset)")",
            "tracked=\(ProducerWords.list(tracked))",
            "unresolved=\(unresolved.map { "\($0)" } ?? "-")",
        ]
    }

    private func words(_ id: BatchID) -> String {
        let batch = producer.batches[id]
        let name = "\(names.range(batch.tickets))/a\(batch.attempts)"
        return batch.hasSequence
            ? "\(name)/\(batch.identity.words)/\(batch.baseSequence)" : name
    }

    private func fields() -> [String] {
        let transaction = producer.transaction
        let identity = producer.identity
        let head = [
            "state=\(transaction.phase.word)", "id=\(identity.identity.words)",
            "error=\(transaction.lastError?.words ?? "-")", "bump=\(identity.needsEpochBump)",
        ]
        let pending = transaction.pending.map(\.word).sorted()
        let tail = [
            "pending=\(ProducerWords.list(pending))", "awaiting=\(transaction.underWay != nil)",
        ]
        if !producer.settings.isTransactional {
            let marked = producer.metadata.topics[topic.index].partitions.filter {
                identity.partitions[$0.index].restartsWithNextEpoch
            }
            return head + ["rewrite=\(words(marked))"] + tail
        }
        return head + [
            "started=\(transaction.hasStarted)", "v2=\(transaction.isV2)",
            "partitions=\(words(transaction.partitions(.inside)))",
            "new=\(words(transaction.partitions(.new)))",
            "adding=\(words(transaction.partitions(.adding)))",
            "offsets=\(words(transaction.offsets))",
            "coordinator=\(transaction.transactionCoordinator.words)",
            "groupCoordinator=\(transaction.groupCoordinator.words)",
        ] + tail + ["call=\(callWords)"]
    }

    private var callWords: String {
        guard let call, let id = producer.transaction.programCall else { return "-" }
        let outcome = producer.transaction.outcomes[id]
        if !outcome.isComplete { return "\(call):pending" }
        return outcome.error == nil ? "\(call):done" : "\(call):failed"
    }
}

extension NodeID? {
    fileprivate var words: String { map { "\($0.rawValue)" } ?? "-" }
}

extension ProducerIdentity {
    var words: String { "\(id.rawValue)/\(epoch)" }
}

extension TransactionalRequest {
    var word: String {
        switch body {
        case .findCoordinator: "FindCoordinator"
        case .initProducerID: "InitProducerId"
        case .addPartitions: "AddPartitionsToTxn"
        case .addOffsets: "AddOffsetsToTxn"
        case .commitOffsets: "TxnOffsetCommit"
        case .end: "EndTxn"
        }
    }
}

extension TransactionPhase {
    var word: String {
        switch self {
        case .uninitialized: "UNINITIALIZED"
        case .initializing: "INITIALIZING"
        case .ready: "READY"
        case .inTransaction: "IN_TRANSACTION"
        case .committing: "COMMITTING_TRANSACTION"
        case .aborting: "ABORTING_TRANSACTION"
        case .abortableError: "ABORTABLE_ERROR"
        case .fatalError: "FATAL_ERROR"
        }
    }
}
