import Kernel

@testable import Kafka

/// What the lines of clients and of brokers that are not there ask.
enum FollowerRequests {
    /// The partition that the files are about.
    static let partition = TopicIDPartition(PartitionWords.topic, 0)

    /// The request, and the letter under which the file numbers it if it must wait.
    static func request(
        _ line: VectorLine, at now: Int64, brokerEpochs: [Int64]
    ) throws -> (BrokerRequest, letter: Character) {
        switch line.verb {
        case "produce": (try produce(line, at: now), "p")
        case "follower-fetch": (try followerFetch(line, brokerEpochs), "f")
        case "consumer-fetch": (try consumerFetch(line), "f")
        case "delete-records": (try deleteRecords(line), "d")
        default: throw VectorFormError(description: "\(line.verb) asks nothing")
        }
    }

    private static func produce(_ line: VectorLine, at now: Int64) throws -> BrokerRequest {
        let batch = try PartitionWords.batch(
            records: try line.int("records"), valueSize: try line.int("valueSize"), at: now)
        return .produce(
            ProduceRequest(
                acks: try line.int("acks"), timeout: .milliseconds(try line.int("timeout")),
                partitions: [ProduceRequest.Partition(partition, batch)]))
    }

    private static func followerFetch(
        _ line: VectorLine, _ brokerEpochs: [Int64]
    ) throws -> BrokerRequest {
        let replica = NodeID(try line.int("replica"))
        let epoch = brokerEpochs[Int(replica.rawValue)]
        return .fetch(
            try fetch(line, .follower(replica, brokerEpoch: epoch), start: try line.int("start")))
    }

    private static func consumerFetch(_ line: VectorLine) throws -> BrokerRequest {
        let fetcher = Fetcher.consumer(
            rack: nil, isolation: .uncommitted, tellsOfItself: try line.text("client") != "v10")
        return .fetch(try fetch(line, fetcher, start: -1))
    }

    private static func fetch(
        _ line: VectorLine, _ fetcher: Fetcher, start: Int64
    ) throws -> FetchRequest {
        let asked = FetchRequest.Partition(
            partition, currentLeaderEpoch: try line.intOrNone("currentLeaderEpoch"),
            fetchOffset: try line.int("offset"),
            lastFetchedEpoch: try line.intOrNone("lastFetchedEpoch"), logStartOffset: start,
            maxBytes: 1_048_576)
        return FetchRequest(
            fetcher, maxWait: .milliseconds(try line.intOrNone("maxWait") ?? 0), minBytes: 1,
            maxBytes: 10_485_760, partitions: [asked])
    }

    private static func deleteRecords(_ line: VectorLine) throws -> BrokerRequest {
        let asked = DeleteRecordsRequest.Partition(partition, offset: try line.int("offset"))
        return .deleteRecords(DeleteRecordsRequest(timeout: .zero, partitions: [asked]))
    }

    /// `[epoch:first..last,…]`: batches of records of 10 bytes.
    static func batches(_ line: VectorLine, at now: Int64) throws -> [RecordBatch] {
        try line.list("batches").map { text in
            let (epoch, offsets) = VectorText.halves(text, at: ":")
            let (first, rest) = VectorText.halves(offsets ?? "", at: ".")
            let base = try VectorText.int(first, as: Int64.self)
            let last = try VectorText.int((rest ?? "").dropFirst(), as: Int64.self)
            var batch = try PartitionWords.batch(
                records: Int32(last - base + 1), valueSize: 10, at: now)
            batch.baseOffset = base
            batch.leaderEpoch = try VectorText.int(epoch)
            return batch
        }
    }

    /// The answer of a broker that was told to refuse.
    static func refusal(of request: BrokerRequest, _ error: KafkaError) -> BrokerReply {
        switch request {
        case .listOffsets: .listOffsets([ListOffsetsPartitionReply(partition, error)])
        case .offsetsForLeaderEpoch:
            .offsetsForLeaderEpoch([OffsetsForLeaderEpochPartitionReply(partition, error)])
        default: .fetch(FetchReply(partitions: [FetchPartitionReply(partition, error)]))
        }
    }

    /// What a follower asks, as the files write it.
    static func text(_ request: BrokerRequest) throws -> String {
        switch request {
        case .fetch(let request):
            guard case .follower(_, let brokerEpoch) = request.fetcher else { break }
            let asked = request.partitions[0]
            return "api=fetch -> offset=\(asked.fetchOffset)"
                + " currentLeaderEpoch=\(PartitionWords.orNone(asked.currentLeaderEpoch))"
                + " lastFetchedEpoch=\(PartitionWords.orNone(asked.lastFetchedEpoch))"
                + " start=\(asked.logStartOffset) brokerEpoch=\(brokerEpoch)"
        case .listOffsets(let request):
            let asked = request.partitions[0]
            let time = asked.query == .latest ? "latest" : "earliest"
            let epoch = PartitionWords.orNone(asked.currentLeaderEpoch)
            return "api=list-offsets -> time=\(time) currentLeaderEpoch=\(epoch)"
        case .offsetsForLeaderEpoch(let request):
            let asked = request.partitions[0]
            let epoch = PartitionWords.orNone(asked.currentLeaderEpoch)
            return "api=offset-for-leader-epoch -> currentLeaderEpoch=\(epoch)"
                + " epoch=\(asked.leaderEpoch)"
        default: break
        }
        throw VectorFormError(description: "no follower asks that")
    }
}
