import Kafka
import Kernel
import Simulation
import Testing

/// What a world tells of itself.
@Suite struct StoryTests {
    private struct Telling {
        var lines: [String] = []
        var story: [String] = []
    }

    private func tell(
        until end: Interval, _ change: (inout WorldConfiguration) -> Void = { _ in }
    ) throws -> Telling {
        var configuration = try smallCluster()
        change(&configuration)
        var world = World(configuration)
        world.isTracing = true
        var told = Telling()
        while world.nextEventAt < .zero + end, world.step() {
            told.lines += world.lines
            told.story += world.story
        }
        return told
    }

    @Test func `the story is the trace without its steady stream and without the start`() throws {
        let told = try tell(until: .seconds(2))
        for steady in [" Fetch ", " Fetch answer ", " BrokerHeartbeat", " appends ", " flushed "] {
            #expect(told.lines.contains { $0.contains(steady) }, "\(steady)")
            #expect(!told.story.contains { $0.contains(steady) }, "\(steady)")
        }
        #expect(told.lines.contains { $0.hasPrefix("-") })
        #expect(!told.story.contains { $0.hasPrefix("-") })
        #expect(told.story.contains { $0.contains("till acknowledged") })
        var rest = told.lines[...]
        for line in told.story {
            let place = try #require(rest.firstIndex(of: line))
            rest = rest[(place + 1)...]
        }
    }

    @Test func `an answer is told by the name of its request`() throws {
        let told = try tell(until: .seconds(1))
        #expect(told.lines.contains { $0.hasSuffix("-> admin CreateTopics answer ok") })
        #expect(!told.lines.contains { $0.contains(" answer ok") && $0.contains("-> answer") })
    }

    @Test func `records are shown where somebody has said what stands in them`() throws {
        let told = try tell(until: .seconds(3)) { configuration in
            var order = SendOrder(to: "orders", records: 3, every: .milliseconds(10))
            order.keys = ["Costco", "Target"]
            order.values = ["2", "3", nil]
            configuration.cluster?.producers[0].orders = [order]
        }
        let written = told.story.filter { $0.contains("till -> broker-1 Produce acks=all ") }
        #expect(written.contains { $0.contains("[Costco=2") })
        #expect(told.story.contains { $0.contains("acknowledged") && $0.contains("Target=3") })
        let read = told.story.filter { $0.contains("billing received orders-0@") }.joined()
        for record in ["Costco=2", "Target=3", "Costco=null"] {
            #expect(read.contains(record), "\(record) in \(read)")
        }
    }

    @Test func `records that only say their number are not shown`() throws {
        let told = try tell(until: .seconds(1))
        #expect(!told.story.contains { $0.contains("[") && $0.contains("Produce") })
    }

    @Test func `replicas and settings that change are told`() throws {
        let moved = AlterPartitionReassignmentsRequest.Partition(
            "orders", 0, to: [NodeID(2), NodeID(3)])
        let told = try tell(until: .seconds(3)) { configuration in
            configuration.steps = [
                Step(
                    .at(.zero + .seconds(1)),
                    .manage(.reassign([moved]), through: .controllers)),
                Step(
                    .at(.zero + .seconds(2)),
                    .manage(
                        .alterConfigs([
                            ConfigAlteration(.topic("orders"), [.init("retention.ms", .set("5"))])
                        ]), through: .controllers)),
            ]
        }
        #expect(told.story.contains { $0.hasSuffix("metadata: orders-0 replicas=[2,3]") })
        #expect(told.story.contains { $0.hasSuffix("metadata: topic orders retention.ms=5") })
    }

    @Test func `a fault of requests says what becomes of them`() throws {
        func told(_ action: RequestFault.Action, count: Int?) throws -> [String] {
            try tell(until: .seconds(1)) { configuration in
                configuration.steps = [
                    Step(
                        .at(.zero + .milliseconds(500)),
                        .fault(
                            .disturb(
                                RequestFault(
                                    api: .cluster(.produce), about: TopicPartitions("orders"),
                                    count: count, action: action))))
                ]
            }.story
        }
        #expect(
            try told(.drop, count: 1).contains {
                $0.hasSuffix("Produce requests of orders never arrive: the next one")
            })
        #expect(
            try told(.fail(.notLeaderOrFollower), count: nil).contains {
                $0.hasSuffix("are answered NOT_LEADER_OR_FOLLOWER: all from now on")
            })
    }
}
