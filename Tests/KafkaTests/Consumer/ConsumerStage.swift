import Kernel

@testable import Kafka

/// A classic consumer over a network that obeys, for stories. Commands, each with what it says:
///
///     consumer [earliest|none] [committed] [with=FIX,…] [without=FIX,…]
///     leaders 1 2 [epoch=2]      who leads partition 0, 1, …; 0 is nobody
///     assign 0 1 | pause 0 | resume 0
///     seek 0 5 [epoch=1]         the epoch of the record before, if the program knows it
///     poll [100]                 milliseconds of patience
///     found 0=17                 answers the last ListOffsets
///     ends 0=1@7                 answers the last OffsetForLeaderEpoch: epoch 1 ends at 7
///     fetched 0=5-9 1=ERROR [session=7] [epoch=1] [aborted=7@0]
///                                answers the last Fetch. A partition has batches, as in
///                                `0-1@7,2@7:abort` of producer 7, or `nothing`, or `ask-3`
///     disconnect 1
///     pass 100                   milliseconds
///     show 0                     what the consumer keeps of a partition
struct ConsumerStage: InteractionStage {
    private var scene = ConsumerScene()
    private var epoch: Int32 = 1

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        scene.told = []
        switch command.verb {
        case "consumer": try start(command)
        case "leaders":
            epoch = command.value("epoch").flatMap { Int32($0) } ?? epoch
            scene.lead(try command.words.indices.map { try command.int($0) }, epoch: epoch)
        case "assign": call(.assign(try partitions(command)))
        case "pause": call(.pause(try partitions(command)))
        case "resume": call(.resume(try partitions(command)))
        case "seek":
            let known = command.value("epoch").flatMap { Int32($0) }
            scene.seek(try command.int(0), try command.int(1), epoch: known)
        case "poll":
            scene.poll(command.words.isEmpty ? 0 : try command.int(0))
            if scene.polled == nil { return scene.told.compactMap(words) + ["poll waits"] }
        case "found": try found(command)
        case "ends": try ends(command)
        case "fetched": try fetched(command)
        case "disconnect":
            scene.disconnect(try command.int(0))
            scene.settle()
        case "pass": scene.pass(try command.int(0))
        case "show": return [show(try command.int(0))]
        default: throw InteractionCommand.NotUnderstood(description: command.verb)
        }
        return scene.told.compactMap(words)
    }

    private mutating func start(_ command: InteractionCommand) throws {
        scene = ConsumerScene(
            with: try fixes(command, "with"), without: try fixes(command, "without")
        ) { settings in
            if command.has("none") { settings.reset = .none }
            if command.has("committed") { settings.isolation = .committed }
        }
        epoch = 1
    }

    private func fixes(_ command: InteractionCommand, _ field: String) throws -> [Fix] {
        let names = (command.value(field) ?? "").split(separator: ",").map(String.init)
        let fixes = Fix.allCases.filter { names.contains($0.name) }
        if fixes.count == names.count { return fixes }
        throw InteractionCommand.NotUnderstood(description: "no such fix")
    }

    private mutating func partitions(_ command: InteractionCommand) throws -> [PartitionRef] {
        var partitions: [PartitionRef] = []
        for index in command.words.indices {
            partitions.append(scene.partition(try command.int(index)))
        }
        return partitions
    }

    private mutating func call(_ call: ConsumerCall) {
        scene.receive(.call(call))
        scene.settle()
    }
}

/// Answers.
extension ConsumerStage {
    private func last(_ api: APIKey) throws -> ConsumerRequest {
        if let request = scene.last(api) { return request }
        throw InteractionCommand.NotUnderstood(description: "there was no such request")
    }

    /// The fields that are about a partition.
    private func told(_ command: InteractionCommand) -> [(number: Int32, text: String)] {
        command.fields.compactMap { field in Int32(field.name).map { ($0, field.value) } }
    }

    private mutating func found(_ command: InteractionCommand) throws {
        let replies = told(command).map { number, text in
            ListOffsetsPartitionReply(
                scene.identity(number), offset: Int64(text) ?? -1, leaderEpoch: epoch)
        }
        scene.answer(try last(.listOffsets), .broker(.listOffsets(replies)))
    }

    private mutating func ends(_ command: InteractionCommand) throws {
        let replies = try told(command).map { number, text in
            let end = text.split(separator: "@").compactMap { Int64($0) }
            guard end.count == 2 else {
                throw InteractionCommand.NotUnderstood(description: "no end: \(text)")
            }
            return OffsetsForLeaderEpochPartitionReply(
                scene.identity(number), .none,
                end: EpochEndOffset(epoch: Int32(end[0]), endOffset: end[1]))
        }
        scene.answer(try last(.offsetForLeaderEpoch), .broker(.offsetsForLeaderEpoch(replies)))
    }

    private mutating func fetched(_ command: InteractionCommand) throws {
        let replies = try told(command).map { try reply($0.number, $0.text, command) }
        let session = command.value("session").flatMap { Int32($0) } ?? 0
        _ = try last(.fetch)
        scene.fetched(replies, session: session)
    }

    private func reply(
        _ number: Int32, _ text: String, _ command: InteractionCommand
    ) throws -> FetchPartitionReply {
        let partition = scene.identity(number)
        if text == "nothing" { return FetchPartitionReply(partition) }
        if text.hasPrefix("ask-"), let node = Int32(text.dropFirst(4)) {
            return FetchPartitionReply(partition, preferredReadReplica: NodeID(node))
        }
        if let error = KafkaError(name: text) { return FetchPartitionReply(partition, error) }
        let written = command.value("epoch").flatMap { Int32($0) } ?? epoch
        let batches = try text.split(separator: ",").map { try batch($0, written) }
        guard let end = batches.last?.nextOffset else {
            throw InteractionCommand.NotUnderstood(description: "no batches: \(text)")
        }
        let aborted = (command.value("aborted") ?? "").split(separator: "@")
            .compactMap { Int64($0) }
        let transactions =
            aborted.count == 2
            ? [
                AbortedTransaction(
                    producerID: ProducerID(aborted[0]), firstOffset: aborted[1],
                    lastOffset: end - 1, lastStableOffset: end)
            ] : nil
        return FetchPartitionReply(
            partition, highWatermark: end, lastStableOffset: end, logStartOffset: 0,
            batches: batches, sizeInBytes: batches.reduce(0) { $0 + $1.sizeInBytes },
            abortedTransactions: transactions)
    }

    /// `first-last`, `first-last@producer` or `offset@producer:abort`.
    private func batch(_ text: Substring, _ epoch: Int32) throws -> RecordBatch {
        let parts = text.split(separator: ":")
        let halves = parts[0].split(separator: "@")
        let range = halves[0].split(separator: "-").compactMap { Int64($0) }
        let producer = halves.count > 1 ? Int64(halves[1]).map { ProducerID($0) } : nil
        guard let first = range.first, let end = range.last else {
            throw InteractionCommand.NotUnderstood(description: "no batch: \(text)")
        }
        if parts.count > 1, let producer {
            let marker = EndTransactionMarker(aborts: parts[1] == "abort", coordinatorEpoch: 0)
            return RecordBatch(
                marker: marker, producerID: producer, producerEpoch: 0, timestamp: 0,
                baseOffset: first, leaderEpoch: epoch)
        }
        let records = GeneratedRecords(
            stream: 1, firstIndex: 0, count: Int32(end - first + 1), valueSize: 10)
        var batch = RecordBatch(
            generated: records, timestamp: 0, attributes: producer == nil ? [] : [.transactional],
            producerID: producer ?? .none)
        batch.baseOffset = first
        batch.leaderEpoch = epoch
        return batch
    }
}

/// Words.
extension ConsumerStage {
    private func words(_ effect: ConsumerEffect) -> String? {
        switch effect {
        case .send(let request):
            guard case .broker(let body) = request.body else { return nil }
            return words(body, to: request.node)
        case .returned(.records(let polled)): return "poll returns " + words(polled)
        case .failed(let error):
            return "call throws \(error.kind.name)" + (error.subject.map(words) ?? "")
        case .disconnect(let node): return "closes the connection to node \(node.rawValue)"
        default: return nil
        }
    }

    private func words(_ request: BrokerRequest, to node: NodeID) -> String? {
        switch request {
        case .listOffsets(let request):
            let all = request.partitions.map { "\(words($0.partition)) \($0.query)" }
            return "ListOffsets to node \(node.rawValue): \(all.joined(separator: ", "))"
        case .offsetsForLeaderEpoch(let request):
            let all = request.partitions.map {
                "\(words($0.partition)) where does epoch \($0.leaderEpoch) end"
            }
            return "OffsetForLeaderEpoch to node \(node.rawValue): \(all.joined(separator: ", "))"
        case .fetch(let request):
            let all = request.partitions.map { "\(words($0.partition)) from \($0.fetchOffset)" }
            let named = all.isEmpty ? "nothing new" : all.joined(separator: ", ")
            let gone = request.forgotten.map(words).joined(separator: ", ")
            return "Fetch to node \(node.rawValue): \(named)"
                + (gone.isEmpty ? "" : ", without \(gone)") + words(request.session)
        default: return nil
        }
    }

    private func words(_ session: FetchSession) -> String {
        switch (session.id, session.epoch) {
        case (0, _): ""
        case (let id, 0): " (session \(id) ends, another begins)"
        case (let id, let number): " (session \(id), request \(number))"
        }
    }

    private func words(_ partition: TopicIDPartition) -> String {
        "\(ConsumerScene.topic)-\(partition.partition)"
    }

    private func words(_ partition: PartitionRef) -> String {
        "\(ConsumerScene.topic)-\(scene.number(of: partition))"
    }

    private func words(_ polled: PolledRecords) -> String {
        let all = polled.records.map { one in
            one.count == 1
                ? "\(words(one.partition)) \(one.firstOffset)"
                : "\(words(one.partition)) \(one.firstOffset) to \(one.lastOffset)"
        }
        return all.isEmpty ? "nothing" : all.joined(separator: ", ")
    }

    private func words(_ subject: ClientError.Subject) -> String {
        let all: [String]
        switch subject {
        case .topics: all = [ConsumerScene.topic]
        case .partitions(let partitions): all = partitions.map(words)
        case .offsets(let offsets): all = offsets.map { "\(words($0.partition)) at \($0.offset)" }
        case .truncations(let truncations):
            all = truncations.map { one in
                let known = one.diverging.map { "epoch \($0.epoch) ends at \($0.endOffset)" }
                return "\(words(one.partition)) at \(one.offset), \(known ?? "nobody knows why")"
            }
        case .record(let partition, let offset): all = ["\(words(partition)) at \(offset)"]
        }
        return ": " + all.joined(separator: "; ")
    }

    private mutating func show(_ number: Int32) -> String {
        guard let one = scene.consumer.subscription[scene.partition(number)] else {
            return "not assigned"
        }
        let place = one.position.map { position in
            let epoch = position.offsetEpoch.map { " behind epoch \($0)" } ?? ""
            return " at \(position.offset)\(epoch)"
        }
        return "\(words(one.state))\(place ?? "")\(one.isPaused ? ", paused" : "")"
    }

    private func words(_ state: AssignedPartition.State) -> String {
        switch state {
        case .initializing: "has no position"
        case .fetching: "reads"
        case .awaitingReset: "waits for an end of the log"
        case .awaitingValidation: "is in doubt"
        }
    }
}
