import Kernel
import Testing

@testable import Kafka

@Suite struct RaftConnectionsTests {
    private let start = Instant.zero + .seconds(5)
    private let voter = RaftDestination.Kind.node(NodeID(1))
    private let server = RaftDestination.Kind.bootstrap(0)

    @Test func `one request a destination, until it is answered or times out`() {
        var its = RaftConnections(RaftSettings())
        let wait1 = its.wait(for: voter, at: start)
        #expect(wait1 == nil)
        let (correlation, timeout) = its.didSend(.vote, to: voter, at: start)
        #expect(timeout == start + .seconds(2))
        let wait2 = its.wait(for: voter, at: start)
        #expect(wait2 == timeout)
        let wait3 = its.wait(for: server, at: start)
        #expect(wait3 == nil)
        its.didAnswer(correlation, usefully: true, at: start)
        let wait4 = its.wait(for: voter, at: start)
        #expect(wait4 == nil)
    }

    @Test func `a failed request is not repeated before the backoff has passed`() {
        var its = RaftConnections(RaftSettings())
        let (correlation, _) = its.didSend(.fetch, to: voter, at: start)
        its.didAnswer(correlation, usefully: false, at: start)
        #expect(its.isBackingOff(voter, at: start))
        let wait5 = its.wait(for: voter, at: start)
        #expect(wait5 == start + .milliseconds(20))
        let wait6 = its.wait(for: voter, at: start + .milliseconds(20))
        #expect(wait6 == nil)
    }

    @Test func `an answer that is late still counts unless somebody has looked meanwhile`() {
        var its = RaftConnections(RaftSettings())
        let late = start + .seconds(3)
        let (correlation, _) = its.didSend(.fetch, to: voter, at: start)
        #expect(its.hasTimedOut(voter, at: late))
        #expect(its.asked(by: correlation)?.api == .fetch)
        let isBusy7 = its.hasAnyInFlight(at: late)
        #expect(!isBusy7)
        #expect(its.asked(by: correlation) == nil)
    }

    @Test func `a change of role forgets every request`() {
        var its = RaftConnections(RaftSettings())
        let (correlation, _) = its.didSend(.vote, to: voter, at: start)
        its.resetAll()
        #expect(its.asked(by: correlation) == nil)
        let wait8 = its.wait(for: voter, at: start)
        #expect(wait8 == nil)
    }
}
