import Kernel

@testable import Kafka

/// What brokers say.
extension FetchAdapter {
    func metadata(_ line: VectorLine) throws -> MetadataReply {
        var topics: [MetadataReply.Topic] = []
        for text in try line.list("ids") {
            let (name, id) = VectorText.halves(text, at: "=")
            let number: UInt64 = try VectorText.int((id ?? "").dropFirst())
            topics.append(MetadataReply.Topic(String(name), TopicID(number)))
        }
        for text in try line.list("errors") {
            let (name, error) = VectorText.halves(text, at: "=")
            for index in topics.indices where topics[index].name == String(name) {
                topics[index].error = try ConsumerWords.error(error ?? "")
            }
        }
        var offline: [(TopicPartition, NodeID)] = []
        for text in try line.list("offline") {
            let (name, node) = VectorText.halves(text, at: ":")
            offline.append(
                (try ConsumerWords.name(name), NodeID(try VectorText.int(node ?? ""))))
        }
        for text in try line.list("leaders") {
            let (name, leader) = VectorText.halves(text, at: "=")
            let partition = try ConsumerWords.name(name)
            let known = try ConsumerWords.leader(leader ?? "")
            for index in topics.indices where topics[index].name == partition.topic {
                topics[index].partitions.append(
                    MetadataReply.Partition(
                        partition.partition, known.node == nil ? .leaderNotAvailable : .none,
                        leader: known.node, leaderEpoch: known.epoch ?? -1, replicas: nodes,
                        isr: nodes,
                        offlineReplicas: offline.filter { $0.0 == partition }.map(\.1)))
            }
        }
        return MetadataReply(
            brokers: nodes.map { MetadataReply.Node($0, Endpoint(host: $0)) }, clusterID: "c",
            controller: nil, topics: topics)
    }

    func answer(_ line: VectorLine) throws -> (RequestNumber, ConsumerAnswer) {
        let number: Int = try VectorText.int(try line.word(0).dropFirst())
        guard let request = requests[number] else {
            throw VectorFormError(description: "no such request")
        }
        if line.has("unsupported") { return (request.number, .unsupported) }
        return (request.number, try answer(line, to: request.body))
    }

    private func answer(
        _ line: VectorLine, to body: ConsumerRequest.Body
    ) throws -> ConsumerAnswer {
        let error = try line.value(of: "error").map(ConsumerWords.error) ?? .none
        switch body {
        case .broker(.fetch): return .broker(.fetch(try fetchReply(line, error)))
        case .broker(.listOffsets):
            return .broker(
                .listOffsets(
                    try partitions(line).map { partition, error, fields in
                        ListOffsetsPartitionReply(
                            identity(partition), error,
                            offset: try number(fields, "offset") ?? -1,
                            timestamp: try number(fields, "ts") ?? -1,
                            leaderEpoch: try number(fields, "epoch"))
                    }))
        case .broker(.offsetsForLeaderEpoch):
            return .broker(
                .offsetsForLeaderEpoch(
                    try partitions(line).map { partition, error, fields in
                        var end: EpochEndOffset?
                        if let epoch: Int32 = try number(fields, "epoch"),
                            let offset: Int64 = try number(fields, "end")
                        {
                            end = EpochEndOffset(epoch: epoch, endOffset: offset)
                        }
                        return OffsetsForLeaderEpochPartitionReply(
                            identity(partition), error, end: end)
                    }))
        case .broker: throw VectorFormError(description: "metadata comes unasked")
        case .findCoordinator:
            let node: Int32? = try line.intOrNone("node")
            return .coordinator(error, node.map { NodeID($0) })
        case .fetchOffsets:
            return .offsets(OffsetFetchReply(error, partitions: try committed(line)))
        case .commitOffsets:
            return .committed(
                OffsetCommitReply(
                    partitions: try fields(line).map { partition, text in
                        OffsetCommitReply.Partition(partition, try ConsumerWords.error(text))
                    }))
        }
    }

    private func identity(_ partition: TopicPartition) -> TopicIDPartition {
        let names = consumer.metadata.names
        guard let topic = names.known(partition.topic),
            let known = names.known(partition.partition, of: topic)
        else { return TopicIDPartition(.zero, partition.partition) }
        return consumer.metadata.identity(of: known)
    }

    /// `t-0=…` of a line.
    private func fields(_ line: VectorLine) throws -> [(TopicPartition, Substring)] {
        try line.fields.compactMap { name, value in
            guard name.contains("-") else { return nil }
            return (try ConsumerWords.name(name), value)
        }
    }

    /// `t-0=ERROR;field=…;…`
    private func partitions(
        _ line: VectorLine
    ) throws -> [(TopicPartition, KafkaError, [(Substring, Substring)])] {
        try fields(line).map { partition, text in
            let parts = VectorText.split(text, at: UInt8(ascii: ";"), outsideBrackets: true)
            let fields = parts.dropFirst().map { part in
                let (name, value) = VectorText.halves(part, at: "=")
                return (name, value ?? "")
            }
            return (partition, try ConsumerWords.error(parts[0]), Array(fields))
        }
    }

    private func number<Number: FixedWidthInteger>(
        _ fields: [(Substring, Substring)], _ name: String
    ) throws -> Number? {
        try ConsumerWords.number(fields.first { $0.0 == name }?.1)
    }

    private func committed(_ line: VectorLine) throws -> [OffsetFetchReply.Partition] {
        try fields(line).map { partition, text in
            if text == "-" { return OffsetFetchReply.Partition(partition) }
            guard text.first?.isNumber ?? false else {
                return OffsetFetchReply.Partition(partition, try ConsumerWords.error(text))
            }
            let position = try ConsumerWords.committed(text)
            return OffsetFetchReply.Partition(
                partition, offset: position.offset, leaderEpoch: position.leaderEpoch)
        }
    }

    // MARK: Records

    private func fetchReply(_ line: VectorLine, _ error: KafkaError) throws -> FetchReply {
        let partitions = try partitions(line).map { partition, error, fields in
            var reply = FetchPartitionReply(
                identity(partition), error, highWatermark: try number(fields, "hw") ?? -1,
                lastStableOffset: try number(fields, "lso") ?? -1,
                logStartOffset: try number(fields, "start") ?? -1)
            reply.preferredReadReplica = try number(fields, "preferred").map { NodeID($0) }
            if let text = fields.first(where: { $0.0 == "leader" })?.1 {
                let leader = try ConsumerWords.leader(text)
                reply.currentLeader = LeaderAndEpoch(leader.node, epoch: leader.epoch ?? -1)
            }
            if let text = fields.first(where: { $0.0 == "aborted" })?.1 {
                reply.abortedTransactions = try VectorText.list(text).map(aborted)
            }
            if let text = fields.first(where: { $0.0 == "records" })?.1 {
                reply.batches =
                    text == "incomplete" ? [] : try VectorText.list(text).map(batch)
                reply.sizeInBytes = 100
            }
            return reply
        }
        return FetchReply(
            error, sessionID: try line.intOrNone("session") ?? 0, partitions: partitions)
    }

    /// `p1@4`
    private func aborted(_ text: Substring) throws -> AbortedTransaction {
        let (producer, offset) = VectorText.halves(text.dropFirst(), at: "@")
        return AbortedTransaction(
            producerID: ProducerID(try VectorText.int(producer)),
            firstOffset: try VectorText.int(offset ?? ""), lastOffset: -1, lastStableOffset: -1)
    }

    /// `first..last@epoch[/pP][/txn][/commit or /abort][/keep=a+b][/bad=o][/crc]`
    private func batch(_ text: Substring) throws -> RecordBatch {
        let parts = VectorText.split(text, at: UInt8(ascii: "/"))
        let (range, epoch) = VectorText.halves(parts[0], at: "@")
        let dots = range.range(of: "..")
        let first: Int64 = try VectorText.int(dots.map { range[..<$0.lowerBound] } ?? range)
        let last: Int64 = try dots.map { try VectorText.int(range[$0.upperBound...]) } ?? first
        var kept = Array(first...last)
        var bad: Int64?
        var marker: EndTransactionMarker?
        var attributes: RecordBatch.Attributes = []
        var producer = ProducerID.none
        var isIntact = true
        for part in parts.dropFirst() {
            let (name, value) = VectorText.halves(part, at: "=")
            switch name {
            case "txn": attributes.insert(.transactional)
            case "commit", "abort":
                attributes.insert(.control)
                marker = EndTransactionMarker(aborts: name == "abort", coordinatorEpoch: 0)
            case "keep":
                kept = try VectorText.split(value ?? "", at: UInt8(ascii: "+"))
                    .filter { !$0.isEmpty }.map { try VectorText.int($0) }
            case "bad": bad = try VectorText.int(value ?? "")
            case "crc": isIntact = false
            default: producer = ProducerID(try VectorText.int(name.dropFirst()))
            }
        }
        let records = kept.map { offset in
            Record(
                offsetDelta: Int32(offset - first), timestamp: 0, key: nil,
                value: .bytes(offset == bad ? [0xff] : [0]))
        }
        var batch = RecordBatch(
            baseOffset: first, leaderEpoch: try VectorText.int(epoch ?? ""),
            attributes: attributes, producerID: producer,
            records: records.isEmpty
                ? [Record(offsetDelta: 0, timestamp: 0, key: nil, value: nil)] : records)
        batch.lastOffsetDelta = Int32(last - first)
        batch.isIntact = isIntact
        if records.isEmpty { batch.content = .emptied }
        if let marker, !records.isEmpty { batch.content = .endTransaction(marker) }
        return batch
    }
}
