import Kernel
import Testing

/// The slow obvious model of one direction of a connection: a list of what was sent, and for each
/// whether it may pass.
private struct Pipe {
    var sent: [Int32] = []
    var received: [Int32] = []
}

@Suite struct NetworkTwinTests {
    /// Whatever is cut, mended and clogged in between: each direction delivers a prefix of what
    /// was sent, in order; nothing passes a cut; and once all is mended everything has arrived.
    @Test(arguments: 0..<300)
    func `each direction is first in, first out, through any sequence of cuts`(seed: UInt64) {
        var net = NetworkHarness(
            hosts: 3, latency: 10...4_000, bandwidth: 500_000_000, seed: seed)
        var dice = Choices(seed: seed ^ 0xABCD)
        func draw(_ bound: UInt64) -> Int {
            Int(dice.draw(ActorID(7), Purpose(code: 999), below: bound))
        }
        let connections = [net.connected(0, 1), net.connected(1, 2), net.connected(2, 0)]
        var pipes = Array(repeating: Pipe(), count: 6)
        var cuts = Array(repeating: 0, count: 9)
        var parcel: Int32 = 0
        var seen = 0

        func check() {
            for event in net.events[seen...] {
                let (connection, number, isRequest): (ConnectionID, Int32, Bool)
                switch event.outcome {
                case .request(let id, let parcel):
                    (connection, number, isRequest) = (id, parcel.rawValue, true)
                case .answer(let id, let parcel):
                    (connection, number, isRequest) = (id, parcel.rawValue, false)
                default:
                    Issue.record("unexpected \(event.outcome)")
                    continue
                }
                let place = connections.firstIndex(of: connection)!
                pipes[place * 2 + (isRequest ? 0 : 1)].received.append(number)
                let (client, server) = (place, (place + 1) % 3)
                let link = isRequest ? client * 3 + server : server * 3 + client
                #expect(cuts[link] == 0, "nothing passes a cut")
                // The server works off at once what it has read, and reads the next.
                var next = isRequest ? net.network.unmute(connection) : nil
                while let more = next {
                    pipes[place * 2].received.append(more.rawValue)
                    next = net.network.unmute(connection)
                }
            }
            seen = net.events.count
        }

        for _ in 0..<300 {
            switch draw(10) {
            case 0:
                let (from, to) = (draw(3), draw(3))
                net.cut(Int32(from), Int32(to))
                cuts[from * 3 + to] += 1
            case 1, 2:
                let standing = cuts.indices.filter { cuts[$0] > 0 }
                guard !standing.isEmpty else { continue }
                let link = standing[draw(UInt64(standing.count))]
                cuts[link] -= 1
                net.mend(Int32(link / 3), Int32(link % 3))
            case 3:
                net.network.slow(
                    from: HostID(Int32(draw(3))), to: HostID(Int32(draw(3))),
                    by: Interval(nanoseconds: Int64(draw(3_000))))
            case 4, 5, 6:
                // One event at a time, so that the cuts of the moment are those that count.
                for _ in 0..<20 {
                    guard let next = net.queue.nextInstant else { break }
                    net.run(until: next.nanoseconds)
                    check()
                }
            default:
                let pipe = draw(6)
                parcel += 1
                let side: Side = pipe % 2 == 0 ? .client : .server
                net.send(parcel, connections[pipe / 2], from: side, bytes: Int64(draw(2_000)))
                pipes[pipe].sent.append(parcel)
            }
        }
        for link in cuts.indices {
            for _ in 0..<cuts[link] { net.mend(Int32(link / 3), Int32(link % 3)) }
            cuts[link] = 0
        }
        while let next = net.queue.nextInstant {
            net.run(until: next.nanoseconds)
            check()
        }
        for pipe in pipes { #expect(pipe.received == pipe.sent) }
    }
}
