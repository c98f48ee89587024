import Kernel
import Testing

@testable import Kafka

/// What a producer does that was told nothing, and what it takes to have several batches in flight.
@Suite struct ProducerDefaultsTests {
    private func generation(without fix: Fix, _ isFixed: Bool) -> Generation {
        var generation = Generation.current
        if !isFixed { generation.remove(fix) }
        return generation
    }

    private func settings(
        _ given: [(name: String, text: String)] = [], _ generation: Generation
    ) throws -> ProducerSettings {
        try ProducerSettings(Settings(.producer, given), generation)
    }

    @Test func `properties come to settings under Kafka's own names`() throws {
        let settings = try settings(
            [
                ("acks", "1"), ("linger.ms", "7"), ("batch.size", "99"), ("retries", "3"),
                ("transaction.timeout.ms", "5000"), ("partitioner.ignore.keys", "true"),
                ("reconnect.backoff.ms", "20"),
            ], .current)
        #expect(settings.acks == .leader)
        #expect(!settings.isIdempotent)
        #expect(settings.linger == .milliseconds(7))
        #expect(settings.batchSize == 99)
        #expect(settings.retries == 3)
        #expect(settings.transactionTimeout == .seconds(5))
        #expect(settings.reconnectBackoff.max == .milliseconds(20))
        guard case .builtIn(ignoreKeys: true) = settings.partitioner else {
            Issue.record("the partitioner was not told")
            return
        }
    }

    @Test func `what Kafka's properties leave open is as in the settings' own defaults`() throws {
        let named = try settings([], .current)
        let plain = ProducerSettings()
        #expect(named.acks == plain.acks && named.isIdempotent == plain.isIdempotent)
        #expect(named.retries == plain.retries && named.maxInFlight == plain.maxInFlight)
        #expect(named.linger == plain.linger && named.batchSize == plain.batchSize)
        #expect(named.bufferMemory == plain.bufferMemory && named.maxBlock == plain.maxBlock)
        #expect(named.maxRequestSize == plain.maxRequestSize)
        #expect(named.requestTimeout == plain.requestTimeout)
        #expect(named.deliveryTimeout == plain.deliveryTimeout)
        #expect(named.retryBackoff == plain.retryBackoff)
        #expect(named.reconnectBackoff == plain.reconnectBackoff)
        #expect(named.connectionSetupTimeout == plain.connectionSetupTimeout)
        #expect(named.metadataMaxAge == plain.metadataMaxAge)
        #expect(named.transactionTimeout == plain.transactionTimeout)
        #expect(named.adaptivePartitioning == plain.adaptivePartitioning)
        #expect(named.availabilityTimeout == plain.availabilityTimeout)
    }

    @Test(arguments: [false, true])
    func `KIP-679: whoever sets nothing is idempotent and waits for all`(isFixed: Bool) throws {
        let generation = generation(without: .idempotentByDefault, isFixed)
        let told = try settings([], generation)
        #expect(told.acks == (isFixed ? .all : .leader))
        var scene = ProducerScene {
            $0.isIdempotent = told.isIdempotent
            $0.acks = told.acks
        }
        scene.lead([1])
        if isFixed { scene.becomeReady() }
        scene.send(0)
        scene.send(0)
        for _ in 0..<3 { scene.turn() }
        let requests = Array(scene.sent.suffix(2))
        #expect(requests.map(\.sequences) == (isFixed ? [[0], [1]] : [[-1], [-1]]))
        // Asked for, it brings with it what it needs, then as now.
        let asked = try settings([("enable.idempotence", "true")], generation)
        #expect(asked.acks == .all && asked.isIdempotent)
        #expect(try settings([("transactional.id", "tx")], generation).isIdempotent)
    }

    @Test(arguments: [false, true])
    func `KIP-91: whoever sets nothing tries again`(isFixed: Bool) throws {
        let generation = generation(without: .retriesByDefault, isFixed)
        let told = try settings([("enable.idempotence", "false")], generation)
        var scene = ProducerScene {
            $0.isIdempotent = false
            $0.retries = told.retries
        }
        scene.lead([1])
        let ticket = scene.send(0)
        for _ in 0..<2 { scene.turn() }
        scene.answer(scene.sent[0], .notLeaderOrFollower)
        #expect(scene.outcome(of: ticket) == (isFixed ? nil : "NOT_LEADER_OR_FOLLOWER"))
    }

    @Test(arguments: [false, true])
    func `KAFKA-5494: an idempotent producer may have several in flight`(isFixed: Bool) throws {
        let generation = generation(without: .severalInFlight, isFixed)
        #expect(try settings([], generation).maxInFlight == (isFixed ? 5 : 1))
        let inFlight = "max.in.flight.requests.per.connection"
        let asked = try? settings([(inFlight, "2")], generation)
        #expect(asked?.maxInFlight == (isFixed ? 2 : nil))
    }

    @Test(arguments: [false, true])
    func `KAFKA-5494: a sequence counts when it is sent`(isFixed: Bool) {
        var scene = ProducerScene(without: isFixed ? [] : [.sequencesCountedWhenSent])
        scene.lead([1])
        scene.becomeReady()
        for _ in 0..<2 {
            scene.send(0)
            scene.turn()
        }
        #expect(scene.sent.suffix(2).map(\.sequences) == (isFixed ? [[0], [1]] : [[0], [0]]))
        // With one at a time there is no difference.
        for request in Array(scene.sent.suffix(2)) { scene.answer(request, offset: 0) }
        scene.send(0)
        #expect(scene.turnAndSend().map(\.sequences) == [[2]])
    }

    @Test(arguments: [false, true])
    func `KAFKA-5494: what is in doubt is waited for`(isFixed: Bool) {
        var scene = ProducerScene(without: isFixed ? [] : [.unresolvedAwaited])
        scene.lead([1, 2])
        scene.becomeReady()
        let lost = scene.send(0)
        scene.turn()
        scene.takeDown(1)
        scene.pass(2_000)
        scene.turn()
        #expect(scene.outcome(of: lost) == "REQUEST_TIMED_OUT")
        #expect(scene.producer.identity.identity.isValid == isFixed)
        scene.turn()
        #expect(scene.producer.identity.identity.epoch == (isFixed ? 1 : -1))
    }

    @Test(arguments: [false, true])
    func `KAFKA-14034: a new epoch waits for the batches before the one that failed`(
        isFixed: Bool
    ) {
        var scene = ProducerScene(with: isFixed ? [.bumpAwaitsOthers] : [])
        scene.lead([1])
        scene.becomeReady()
        for _ in 0..<2 {
            scene.send(0)
            scene.turn()
        }
        let requests = Array(scene.sent.suffix(2))
        // The first may have been written, for all anybody knows.
        scene.answer(requests[0], .requestTimedOut)
        scene.answer(requests[1], .invalidRecord)
        scene.pass(1_000)
        let retry = scene.turnAndSend()
        #expect(retry.map(\.sequences) == [[0]])
        #expect(retry[0].batches[0].batch.producerEpoch == (isFixed ? 0 : 1))
        scene.answer(retry[0], offset: 0)
        scene.send(0)
        scene.turn()
        let next = scene.turnAndSend() + scene.sent.suffix(1)
        #expect(next.last?.batches[0].batch.producerEpoch == 1)
    }
}
