import Kernel
import Testing

@Suite struct NetworkTests {
    @Test func `a handshake costs its round trips before the client may send`() {
        var net = NetworkHarness(rounds: 2)
        let connection = net.connect(0, 1)
        let result1 = net.send(1, connection)
        #expect(!result1)
        net.runToEnd()
        #expect(net.events == [.init(at: 4_000, outcome: .opened(connection))])
        let result2 = net.send(1, connection)
        #expect(result2)
    }

    @Test func `who dials where nobody listens is refused after a round trip`() {
        var net = NetworkHarness()
        let connection = net.connect(0, 1, port: 2)
        net.runToEnd()
        #expect(net.events == [.init(at: 2_000, outcome: .refused(connection, client: HostID(0)))])
        #expect(net.network.connection(connection) == nil)
    }

    @Test func `a host without power does not even refuse`() {
        var net = NetworkHarness()
        net.network.losePower(HostID(1))
        _ = net.connect(0, 1)
        net.runToEnd()
        #expect(net.events.isEmpty)
    }

    @Test func `the server reads one request at a time from a connection`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        for parcel in 1...3 { net.send(Int32(parcel), connection) }
        net.runToEnd()
        #expect(net.arrived == [1])
        let result3 = net.network.unmute(connection)
        #expect(result3 == ParcelID(2))
        let result4 = net.network.unmute(connection)
        #expect(result4 == ParcelID(3))
        let result5 = net.network.unmute(connection)
        #expect(result5 == nil)
        net.send(4, connection)
        net.runToEnd()
        #expect(net.arrived == [1, 4])
    }

    @Test func `a client that gave up leaves its requests alive in the server's socket buffer`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.send(1, connection)
        net.send(2, connection)
        net.close(connection, by: .client)
        net.runToEnd()
        #expect(net.arrived == [1])
        #expect(net.network.connection(connection)?.clientEnd == .closed)
        // The answer goes nowhere, and the second request is worked on all the same.
        let result6 = net.send(3, connection, from: .server)
        #expect(!result6)
        let result7 = net.network.unmute(connection)
        #expect(result7 == ParcelID(2))
        let result8 = net.network.unmute(connection)
        #expect(result8 == nil)
        #expect(net.network.connection(connection) == nil)
    }

    @Test func `an answer under way to a client that has closed reaches nobody`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.send(1, connection)
        net.runToEnd()
        net.send(2, connection, from: .server)
        net.close(connection, by: .client)
        net.runToEnd()
        #expect(net.events.last?.outcome == .dropped(ParcelID(2)))
    }

    @Test func `bytes stall at a cut and arrive in their order when it is mended`() {
        var net = NetworkHarness(latency: 100...9_000)
        let connection = net.connected(0, 1)
        let begin = net.now.nanoseconds
        net.cut(0, 1)
        net.send(1, connection)
        net.close(connection, by: .client)
        net.run(until: begin + 20_000)
        #expect(net.events.isEmpty)
        net.mend(0, 1)
        net.runToEnd()
        #expect(net.arrived == [1])
        #expect(net.network.connection(connection)?.serverEnd == .draining)
    }

    @Test func `a cut in one direction lets the other through`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.send(1, connection)
        net.runToEnd()
        net.cut(0, 1)
        net.send(2, connection, from: .server)
        net.send(3, connection)
        net.runToEnd()
        #expect(net.arrived == [1, 2])
    }

    @Test func `two cuts on one link need two mendings`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.cut(0, 1)
        net.cut(0, 1)
        net.send(1, connection)
        net.runToEnd()
        net.mend(0, 1)
        net.runToEnd()
        #expect(net.arrived.isEmpty)
        net.mend(0, 1)
        net.runToEnd()
        #expect(net.arrived == [1])
    }

    @Test func `a kill is told to the peers and a power loss is not`() {
        for loses in [false, true] {
            var net = NetworkHarness()
            let connection = net.connected(0, 1)
            if loses {
                net.network.losePower(HostID(1))
            } else {
                for flight in net.network.kill(HostID(1), at: net.now, &net.choices) {
                    net.schedule(flight)
                }
            }
            net.runToEnd()
            let told = Network.Outcome.disconnected(connection, client: HostID(0))
            #expect(net.events.map(\.outcome) == (loses ? [] : [told]))
            // Half open: the next thing sent to a machine that is up again is answered by a reset.
            guard loses else { continue }
            net.network.powerUp(HostID(1))
            let result9 = net.send(1, connection)
            #expect(result9)
            net.runToEnd()
            #expect(net.events.map(\.outcome) == [.dropped(ParcelID(1)), told])
        }
    }

    @Test func `a reset breaks both ends at once and loses what is under way`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.send(1, connection)
        let breaks = net.network.reset(HostID(1), HostID(0))
        #expect(breaks.map(\.connection) == [connection])
        #expect(breaks.map(\.host) == [HostID(0)])
        net.runToEnd()
        #expect(net.events.map(\.outcome) == [.dropped(ParcelID(1))])
    }

    @Test func `a silenced connection swallows everything and tells nobody`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        net.network.silence(HostID(0), HostID(1))
        let result10 = net.send(1, connection)
        #expect(result10)
        net.runToEnd()
        #expect(net.events.map(\.outcome) == [.dropped(ParcelID(1))])
        #expect(net.network.connection(connection)?.clientEnd == .open)
    }

    @Test func `bytes queue behind earlier bytes of the same host`() {
        var net = NetworkHarness(bandwidth: 1_000_000)
        let connection = net.connected(0, 1)
        let begin = net.now.nanoseconds
        net.send(1, connection, bytes: 10)
        net.send(2, connection, bytes: 5)
        net.run(until: begin + 10_999)
        #expect(net.arrived.isEmpty)
        net.run(until: begin + 11_000)
        #expect(net.arrived == [1])
        net.run(until: begin + 16_000)
        #expect(net.network.connection(connection)?.waitingCount == 1)
    }

    @Test func `a clogged link is slow until it is free again`() {
        var net = NetworkHarness()
        let connection = net.connected(0, 1)
        let begin = net.now.nanoseconds
        net.network.slow(from: HostID(0), to: HostID(1), by: Interval(nanoseconds: 500))
        net.send(1, connection)
        net.runToEnd()
        #expect(net.events.map(\.at) == [begin + 1_500])
        _ = net.network.unmute(connection)
        net.network.slow(from: HostID(0), to: HostID(1), by: .zero)
        net.send(2, connection)
        net.runToEnd()
        #expect(net.events.last?.at == begin + 2_500)
    }
}
