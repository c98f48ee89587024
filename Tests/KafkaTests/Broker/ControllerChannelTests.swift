import Kernel
import Testing

@testable import Kafka

@Suite struct ControllerChannelTests {
    private let request = ControllerRequest.unregisterBroker(NodeID(9))
    private var channel = ControllerChannel(
        .forwarding, patience: .seconds(60), requestTimeout: .seconds(30))
    private var effects = BrokerEffects()

    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    /// Whom the next request goes to; nil if none goes.
    private mutating func sent(_ now: Instant) -> Int32? {
        if case .send(_, let destination, _) = channel.nextStep(at: now) {
            destination.node.rawValue
        } else {
            nil
        }
    }

    private mutating func begin(leader: NodeID?) {
        channel.start(at: at(0))
        channel.quorumChanged(to: leader, at: at(0))
        channel.enqueue(request, for: .producerIDs, at: at(0))
    }

    @Test mutating func `one request is under way, and the next waits for its answer`() {
        begin(leader: NodeID(100))
        channel.enqueue(request, for: .topicCreation(["a"]), at: at(0))
        #expect(sent(at(0)) == 100)
        #expect(sent(at(0)) == nil)
        #expect(channel.deadline == .never)
        guard case .producerIDs = channel.answered(.done, at: at(5), &effects) else {
            Issue.record("the answer is that of the first")
            return
        }
        #expect(channel.deadline == at(5))
        #expect(sent(at(5)) == 100)
    }

    @Test mutating func `a controller that was found is kept until it fails`() {
        begin(leader: NodeID(100))
        #expect(sent(at(0)) == 100)
        channel.quorumChanged(to: NodeID(101), at: at(10))
        _ = channel.answered(.done, at: at(20), &effects)
        channel.enqueue(request, for: .producerIDs, at: at(30))
        #expect(sent(at(30)) == 100)
        channel.failed(at: at(40))
        #expect(sent(at(40)) == 101)
    }

    @Test mutating func `who is no controller is asked no more, and the connection is closed`() {
        begin(leader: NodeID(100))
        #expect(sent(at(0)) == 100)
        channel.quorumChanged(to: NodeID(102), at: at(0))
        let errand = channel.answered(.failed(.notController), at: at(1), &effects)
        #expect(errand == nil)
        guard case .disconnect(let destination) = effects.items.first else {
            Issue.record("the connection stays open")
            return
        }
        #expect(destination == BrokerDestination(NodeID(100), .forwarding))
        #expect(sent(at(1)) == 102)
        // Nobody knows of another: it is asked again, over a new connection.
        _ = channel.answered(.failed(.notController), at: at(2), &effects)
        #expect(sent(at(2)) == 102)
    }

    @Test mutating func `without a leader it looks every tenth of a second`() {
        begin(leader: nil)
        #expect(sent(at(0)) == nil)
        #expect(channel.deadline == at(60_000))
        channel.quorumChanged(to: NodeID(100), at: at(230))
        #expect(channel.deadline == at(300))
        #expect(sent(at(299)) == nil)
        #expect(sent(at(300)) == 100)
    }

    @Test mutating func `one that has nothing to say finds the leader all the same`() {
        channel.start(at: at(0))
        channel.quorumChanged(to: NodeID(100), at: at(30))
        channel.enqueue(request, for: .producerIDs, at: at(450))
        #expect(sent(at(450)) == 100)
    }

    @Test mutating func `what has waited for too long is given up, and said so`() {
        begin(leader: nil)
        guard case .nothing = channel.nextStep(at: at(59_999)) else {
            Issue.record("too early")
            return
        }
        guard case .gaveUp(.producerIDs) = channel.nextStep(at: at(60_000)) else {
            Issue.record("it is not given up")
            return
        }
        #expect(channel.isEmpty)
    }

    @Test mutating func `what failed is sent again before everything else`() {
        begin(leader: NodeID(100))
        channel.enqueue(.unregisterBroker(NodeID(10)), for: .topicCreation([]), at: at(0))
        #expect(sent(at(0)) == 100)
        channel.failed(at: at(50))
        guard case .send(let again, _, _) = channel.nextStep(at: at(50)) else {
            Issue.record("nothing is sent")
            return
        }
        #expect(again == request)
    }
}
