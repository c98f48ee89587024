import Kernel
import Testing

@testable import Kafka

@Suite struct BrokerLifecycleTests {
    private var lifecycle: BrokerLifecycle

    init() throws {
        let properties = try Settings(.broker, []).checkedBroker()
        lifecycle = BrokerLifecycle(
            BrokerSettings(properties, clusterID: "cluster", endpoint: Endpoint(host: NodeID(1))))
        lifecycle.start(
            IncarnationID(1), previousEpoch: nil, registrationDeadline: .zero + .seconds(60),
            at: .zero)
    }

    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    private let fenced = BrokerHeartbeatReply(
        isCaughtUp: true, isFenced: true, inControlledShutdown: false, shouldShutDown: false)
    private let unfenced = BrokerHeartbeatReply(
        isCaughtUp: true, isFenced: false, inControlledShutdown: false, shouldShutDown: false)

    private mutating func takesMessage(_ milliseconds: Int64) -> Bool {
        lifecycle.takeMessage(at: at(milliseconds)) != nil
    }

    /// Until it runs; the last heartbeat was answered at 30 ms.
    private mutating func run() {
        #expect(takesMessage(0))
        lifecycle.registered(epoch: 5, at: at(10))
        #expect(takesMessage(10))
        #expect(lifecycle.heard(fenced, at: at(20)) == .caughtUp)
        lifecycle.becomeReady(at: at(20))
        #expect(takesMessage(20))
        #expect(lifecycle.heard(unfenced, at: at(30)) == .unfenced)
    }

    @Test mutating func `failures in a row double the wait, up to the session timeout`() {
        var now: Int64 = 0
        for expected in [100, 200, 400, 800, 1_600, 3_200, 6_400, 9_000, 9_000] {
            #expect(takesMessage(now))
            lifecycle.failed(jitter: 0, at: at(now))
            #expect(lifecycle.due == at(now + Int64(expected)))
            now += Int64(expected)
        }
    }

    @Test mutating func `whoever the controller has forgotten registers anew, unless it serves`() {
        #expect(takesMessage(0))
        lifecycle.registered(epoch: 5, at: at(10))
        #expect(lifecycle.takeMessage(at: at(10)) == .heartbeat)
        lifecycle.becomeUnregistered()
        lifecycle.failed(jitter: 0, at: at(20))
        #expect(lifecycle.takeMessage(at: at(120)) == .registration)
        lifecycle.registered(epoch: 7, at: at(130))
        #expect(takesMessage(130))
        #expect(lifecycle.heard(fenced, at: at(140)) == .caughtUp)
        lifecycle.becomeReady(at: at(140))
        #expect(takesMessage(140))
        #expect(lifecycle.heard(unfenced, at: at(150)) == .unfenced)
        lifecycle.becomeUnregistered()
        #expect(lifecycle.state == .running)
    }

    @Test mutating func `an answer ends the row of failures`() {
        #expect(takesMessage(0))
        lifecycle.failed(jitter: 0, at: at(0))
        #expect(takesMessage(100))
        lifecycle.registered(epoch: 5, at: at(100))
        #expect(takesMessage(100))
        lifecycle.failed(jitter: 0, at: at(100))
        #expect(lifecycle.due == at(200))
    }

    @Test mutating func `the wait differs by a fiftieth at most`() {
        #expect(takesMessage(0))
        lifecycle.failed(jitter: 200, at: at(0))
        #expect(lifecycle.due == at(102))
    }

    @Test mutating func `it asks for the fence until it is fit to serve`() {
        #expect(lifecycle.wantsFence)
        run()
        #expect(!lifecycle.wantsFence)
        #expect(lifecycle.state == .running)
        #expect(lifecycle.due == at(2_030))
    }

    @Test mutating func `who wants to say something during a message says it right after it`() {
        run()
        #expect(takesMessage(2_030))
        lifecycle.becomePendingControlledShutdown(at: at(2_040))
        #expect(!takesMessage(2_040))
        #expect(lifecycle.heard(unfenced, at: at(2_050)) == .none)
        #expect(lifecycle.due == at(2_050))
    }

    @Test mutating func `the first answer to a wish to stop is followed up soon`() {
        run()
        lifecycle.becomePendingControlledShutdown(at: at(100))
        #expect(takesMessage(100))
        #expect(lifecycle.wantsShutdown)
        _ = lifecycle.heard(unfenced, at: at(110))
        #expect(lifecycle.due == at(160))
        #expect(takesMessage(160))
        _ = lifecycle.heard(unfenced, at: at(170))
        #expect(lifecycle.due == at(2_170))
        #expect(takesMessage(2_170))
        let free = BrokerHeartbeatReply(
            isCaughtUp: true, isFenced: true, inControlledShutdown: false, shouldShutDown: true)
        #expect(lifecycle.heard(free, at: at(2_180)) == .mayStop)
    }
}
