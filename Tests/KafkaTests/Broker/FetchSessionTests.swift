import Kernel
import Testing

@testable import Kafka

/// Both sides of a fetch session, one against the other.
@Suite struct FetchSessionTests {
    private let topic = TopicID(7)

    private func wanted(_ number: Int32, offset: Int64 = 0) -> FetchRequest.Partition {
        FetchRequest.Partition(
            TopicIDPartition(topic, number), currentLeaderEpoch: 3, fetchOffset: offset,
            maxBytes: 100)
    }

    private func reply(
        _ one: FetchRequest.Partition, highWatermark: Int64 = 4, bytes: Int32 = 0,
        error: KafkaError = .none
    ) -> FetchPartitionReply {
        FetchPartitionReply(
            one.partition, error, highWatermark: highWatermark, logStartOffset: 0,
            sizeInBytes: bytes)
    }

    private func request(_ contents: FetchSessionHandler.Contents) -> FetchRequest {
        FetchRequest(
            .follower(NodeID(2), brokerEpoch: 5), maxWait: .zero, minBytes: 1, maxBytes: 1_000,
            session: contents.session, partitions: contents.partitions,
            forgotten: contents.forgotten)
    }

    private struct Broker {
        var cache = FetchSessionCache(ActorID(0), slots: 16)
        var choices = Choices(seed: 1)
        var now = Instant.zero

        mutating func answer(
            _ request: FetchRequest, _ reply: (FetchRequest.Partition) -> FetchPartitionReply
        ) -> (read: [Int32], reply: FetchReply) {
            let context = cache.open(request, at: now)
            let replies = context.partitions.map(reply)
            return (
                context.partitions.map(\.partition.partition),
                cache.close(context, replies, at: now, &choices)
            )
        }
    }

    @Test func `a session names only what has changed, and answers only what is news`() {
        var broker = Broker()
        var handler = FetchSessionHandler()
        let first = handler.request(wanting: [wanted(0), wanted(1)])
        #expect(first.session == .new)
        let begun = broker.answer(request(first)) { reply($0) }.reply
        #expect(begun.sessionID != 0)
        let isTaken1 = handler.receive(begun)
        #expect(isTaken1)

        let second = handler.request(wanting: [wanted(0), wanted(1, offset: 9), wanted(2)])
        #expect(second.session == FetchSession(id: begun.sessionID, epoch: 1))
        #expect(second.partitions == [wanted(2), wanted(1, offset: 9)])
        #expect(second.forgotten.isEmpty)
        let answer = broker.answer(request(second)) { one in
            reply(one, highWatermark: one.partition.partition == 2 ? 6 : 4)
        }
        #expect(answer.read == [0, 1, 2])
        #expect(answer.reply.partitions.map(\.partition.partition) == [2])
        let isTaken2 = handler.receive(answer.reply)
        #expect(isTaken2)

        let third = handler.request(wanting: [wanted(1, offset: 9), wanted(2)])
        #expect(third.partitions.isEmpty)
        #expect(third.forgotten == [TopicIDPartition(topic, 0)])
    }

    @Test func `a recreated partition takes over the place of the old one`() {
        var handler = FetchSessionHandler()
        let new = FetchRequest.Partition(
            TopicIDPartition(TopicID(8), 0), currentLeaderEpoch: 0, fetchOffset: 0, maxBytes: 100)
        let old = [wanted(0, offset: 5), wanted(1, offset: 5)]
        _ = handler.request(wanting: old)
        let isTaken3 = handler.receive(FetchReply(sessionID: 4, partitions: old.map { reply($0) }))
        #expect(isTaken3)
        let contents = handler.request(
            wanting: [wanted(1, offset: 6), new], recreated: [(old: topic, new: TopicID(8))])
        #expect(contents.partitions == [new, wanted(1, offset: 6)])
        #expect(contents.forgotten == [TopicIDPartition(topic, 0)])
    }

    @Test func `a lost request ends the session, and the next one begins another`() {
        var broker = Broker()
        var handler = FetchSessionHandler()
        let first = handler.request(wanting: [wanted(0)])
        let begun = broker.answer(request(first)) { reply($0) }.reply
        _ = handler.receive(begun)
        _ = handler.request(wanting: [wanted(0, offset: 1)])
        handler.requestFailed()
        #expect(handler.session == FetchSession(id: begun.sessionID, epoch: 0))
        let again = handler.request(wanting: [wanted(0, offset: 1)])
        #expect(again.partitions == [wanted(0, offset: 1)])
        let other = broker.answer(request(again)) { reply($0) }.reply
        #expect(broker.cache.count == 1)
        #expect(other.sessionID != begun.sessionID)
    }

    @Test func `a request out of its turn is refused, and a refusal ends the session`() {
        var broker = Broker()
        var handler = FetchSessionHandler()
        let begun = broker.answer(request(handler.request(wanting: [wanted(0)]))) { reply($0) }
        _ = handler.receive(begun.reply)
        let second = request(handler.request(wanting: [wanted(0, offset: 1)]))
        _ = broker.answer(second) { reply($0) }
        let repeated = broker.answer(second) { reply($0) }.reply
        #expect(repeated.error == .invalidFetchSessionEpoch)
        let isTaken4 = handler.receive(repeated)
        #expect(!isTaken4)
        #expect(handler.session == FetchSession(id: begun.reply.sessionID, epoch: 0))

        let unknown = FetchRequest(
            .follower(NodeID(2), brokerEpoch: 5), maxWait: .zero, minBytes: 1, maxBytes: 1_000,
            session: FetchSession(id: 3, epoch: 1), partitions: [])
        let refused = broker.answer(unknown) { reply($0) }.reply
        #expect(refused.error == .fetchSessionIDNotFound)
        let isTaken5 = handler.receive(refused)
        #expect(!isTaken5)
        #expect(handler.session == .new)
    }

    @Test func `a full answer must speak of all partitions`() {
        var handler = FetchSessionHandler()
        _ = handler.request(wanting: [wanted(0), wanted(1)])
        let isTaken6 = handler.receive(FetchReply(sessionID: 9, partitions: [reply(wanted(0))]))
        #expect(!isTaken6)
        #expect(handler.session == .new)
    }

    @Test func `a partition whose records were sent is read last the next time`() {
        var broker = Broker()
        var handler = FetchSessionHandler()
        let all = (0..<3).map { wanted($0) }
        let begun = broker.answer(request(handler.request(wanting: all))) { reply($0) }
        _ = handler.receive(begun.reply)
        let answer = broker.answer(request(handler.request(wanting: all))) { one in
            reply(one, bytes: one.partition.partition == 0 ? 70 : 0)
        }
        #expect(answer.reply.partitions.map(\.partition.partition) == [0])
        _ = handler.receive(answer.reply)
        let third = broker.answer(request(handler.request(wanting: all))) { reply($0) }
        #expect(third.read == [1, 2, 0])
    }

    @Test func `an error is told as long as it lasts, and its end too`() {
        var broker = Broker()
        var handler = FetchSessionHandler()
        var told: [Int] = []
        for error in [KafkaError.none, .none, .notLeaderOrFollower, .notLeaderOrFollower, .none] {
            let answer = broker.answer(request(handler.request(wanting: [wanted(0)]))) { one in
                reply(one, highWatermark: error == .none ? 2 : -1, error: error)
            }
            told.append(answer.reply.partitions.count)
            _ = handler.receive(answer.reply)
        }
        #expect(told == [1, 0, 1, 1, 1])
    }

    @Test func `followers take the places of consumers, and age makes room for anybody`() {
        var broker = Broker()
        func begin(_ fetcher: Fetcher) -> Bool {
            let request = FetchRequest(
                fetcher, maxWait: .zero, minBytes: 1, maxBytes: 1, session: .new,
                partitions: [wanted(0)])
            return broker.answer(request) { reply($0) }.reply.sessionID != 0
        }
        let consumer = Fetcher.consumer(rack: nil, isolation: .uncommitted, tellsOfItself: true)
        let follower = Fetcher.follower(NodeID(2), brokerEpoch: 5)
        #expect((0..<16).allSatisfy { _ in begin(consumer) })
        #expect(!begin(consumer))
        #expect((0..<16).allSatisfy { _ in begin(follower) })
        #expect(broker.cache.count == 16)
        #expect(!begin(follower))
        broker.now = .zero + .seconds(121)
        #expect(begin(consumer))
    }
}

/// The incremental way against the whole, and the broker's view against the fetcher's.
@Suite struct FetchSessionTwinTests {
    private func request(_ contents: FetchSessionHandler.Contents) -> FetchRequest {
        FetchRequest(
            .follower(NodeID(1), brokerEpoch: 1), maxWait: .zero, minBytes: 1, maxBytes: 1,
            session: contents.session, partitions: contents.partitions,
            forgotten: contents.forgotten)
    }

    @Test(arguments: 0..<30)
    func `naming changes comes to the same as naming everything`(seed: UInt64) {
        var random = TestRandom(seed)
        var whole = FetchSessionHandler()
        var changes = FetchSessionHandler()
        var cache = FetchSessionCache(ActorID(0), slots: 8)
        var choices = Choices(seed: seed)
        var wanted = SortedMap<Int32, FetchRequest.Partition>()
        for _ in 0..<60 {
            var touched = SortedMap<Int32, Bool>()
            for _ in 0..<random.below(4) {
                let number = Int32(random.below(6))
                touched[number] = true
                wanted[number] =
                    random.chance(1, in: 4)
                    ? nil
                    : FetchRequest.Partition(
                        TopicIDPartition(TopicID(1), number), currentLeaderEpoch: 1,
                        fetchOffset: Int64(random.below(3)), maxBytes: 9)
            }
            let all = wanted.map(\.value)
            let one = whole.request(wanting: all)
            let gone = touched.map(\.key).filter { wanted[$0] == nil }
            let other =
                changes.session.isFull
                ? changes.request(wanting: all)
                : changes.request(
                    changing: touched.compactMap { wanted[$0.key] },
                    forgetting: gone.map { TopicIDPartition(TopicID(1), $0) })
            #expect(one.session == other.session)
            #expect(Set(one.partitions) == Set(other.partitions))
            #expect(one.forgotten == other.forgotten)
            #expect(Set(changes.partitions) == Set(all))
            let context = cache.open(request(one), at: .zero)
            #expect(Set(context.partitions) == Set(all), "the broker reads what is wanted")
            let replies = context.partitions.map {
                FetchPartitionReply($0.partition, highWatermark: Int64(random.below(3)))
            }
            let reply = cache.close(context, replies, at: .zero, &choices)
            if random.chance(1, in: 10) {
                whole.requestFailed()
                changes.requestFailed()
            } else {
                let verdicts = (whole.receive(reply), changes.receive(reply))
                #expect(verdicts.0 == verdicts.1)
            }
        }
    }
}
