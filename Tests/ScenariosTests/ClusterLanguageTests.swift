import Kafka
import Kernel
import Simulation
import Testing

@testable import Scenarios

private let roster = Roster(
    controllers: 3...3, standbys: 0...0, observers: 0...0, brokers: 3...3,
    topics: [
        Roster.Topic(name: "orders", partitions: 3), Roster.Topic(name: "mail-box", partitions: 1),
    ],
    producers: ["till", "desk"], consumers: ["billing"])

private func target(_ text: String) throws -> Target { try roster.target(text) }
private func condition(_ text: String) throws -> Condition { try roster.condition(text) }
private func event(_ text: String) throws -> Occurrence { try roster.event(text) }

private func broker(_ number: Int32) -> Target { .node(NodeID(number)) }
private let first = TopicPartition("orders", 0)
private let about = TopicPartitions("orders", [0])

@Suite struct ClusterLanguageTests {
    @Test(arguments: [
        ("broker 2", Target.node(NodeID(2))),
        ("controller 101", .node(NodeID(101))),
        ("controller 1", .node(NodeID(101))),
        ("node 103", .node(NodeID(103))),
        ("controller", .controller),
        ("brokers", .every(.broker)),
        ("any broker", .any(.broker)),
        ("controllers", .every(.controller)),
        ("any controller", .any(.controller)),
        ("leader(orders-0)", .leader(first)),
        ("the leader( orders-2 )", .leader(TopicPartition("orders", 2))),
        ("follower(orders-0, 1)", .replica(first, 0)),
        ("followers(orders-0)", .members(.followers, first)),
        ("isr(orders-0)", .members(.isr, first)),
        ("replicas(mail-box-0)", .members(.replicas, TopicPartition("mail-box", 0))),
        ("elr(orders-0)", .members(.elr, first)),
        ("till", .client("till")),
        ("producer desk", .client("desk")),
        ("consumer billing", .client("billing")),
        ("clients", .every(.client)),
        ("every producer", .every(.producer)),
        ("all but leader(orders-0)", .allBut(.leader(first))),
        (
            "leader(orders-0), till, follower 1",
            .several([.leader(first), .client("till"), .follower(0)])
        ),
    ])
    func `a target may be a partition's broker or a client`(
        _ text: String, _ meaning: Target
    ) throws {
        #expect(try target(text) == meaning)
    }

    @Test(arguments: [
        ("leader(orders-0) is broker 2", Condition.same(.leader(first), broker(2))),
        ("broker 2 leads orders-0", .same(.leader(first), broker(2))),
        ("controller 2 leads", .role(.node(NodeID(102)), .leader)),
        ("leader(orders-0) is not same", .not(.same(.leader(first), .same))),
        (
            "isr(orders-0) is replicas(orders-0)",
            .same(.members(.isr, first), .members(.replicas, first))
        ),
        ("broker 3 is in isr(orders-0)", .among(broker(3), .members(.isr, first))),
        ("broker 3 is not in isr(orders-0)", .not(.among(broker(3), .members(.isr, first)))),
        ("isr(orders-0) has 2", .size(.members(.isr, first), 2)),
        ("elr(orders-0) has 1 member", .size(.members(.elr, first), 1)),
        ("isr(orders-0) is empty", .size(.members(.isr, first), 0)),
        ("orders-0 has a leader", .hasLeader(first)),
        ("orders-0 has no leader", .not(.hasLeader(first))),
        ("orders-0 exists", .exists(first)),
        ("orders-0 has leader epoch 3", .leaderEpoch(first, atLeast: 3)),
        (
            "orders-0 has high watermark 12",
            .replica(first, .highWatermark, on: nil, atLeast: 12)
        ),
        (
            "orders-0 reaches log end 12 on broker 2",
            .replica(first, .logEnd, on: broker(2), atLeast: 12)
        ),
        ("broker 1 is fenced", .isFenced(broker(1))),
        ("brokers are unfenced", .not(.isFenced(.every(.broker)))),
        ("till has 50 acknowledgements", .tally(.client("till"), .acknowledged, atLeast: 50)),
        ("till has 1 failure", .tally(.client("till"), .failed, atLeast: 1)),
        ("billing has received 10 records", .tally(.client("billing"), .received, atLeast: 10)),
        (
            "till is done and till has 1 refusal",
            .all([.isDone(.client("till")), .tally(.client("till"), .refused, atLeast: 1)])
        ),
        (
            "billing has received fewer than 10 records",
            .not(.tally(.client("billing"), .received, atLeast: 10))
        ),
        ("billing has 1000 turns", .tally(.client("billing"), .turns, atLeast: 1_000)),
        (
            "orders-0 has log end below 12 on broker 2",
            .not(.replica(first, .logEnd, on: broker(2), atLeast: 12))
        ),
        ("billing is past the end of orders-0", .isPastEnd(.client("billing"), first)),
        (
            "consumer billing is not past end of orders-0",
            .not(.isPastEnd(.client("billing"), first))
        ),
    ])
    func `a condition may be about partitions and clients`(
        _ text: String, _ meaning: Condition
    ) throws {
        #expect(try condition(text) == meaning)
    }

    @Test(arguments: [
        (
            "broker 1 appends orders-0@12",
            Occurrence(.appendedRecords, by: broker(1), about: about, offset: 12)
        ),
        (
            "broker 2 starts leading orders-0 in epoch 3",
            Occurrence(.leadsPartition, by: broker(2), about: about, epoch: 3)
        ),
        ("broker 3 truncates orders-0", Occurrence(.truncatedLog, by: broker(3), about: about)),
        ("leader(orders-0) starts", Occurrence(.started, by: .leader(first))),
        (
            "till gets refused with NOT_LEADER_OR_FOLLOWER",
            Occurrence(.sendRefused, by: .client("till"), error: .notLeaderOrFollower)
        ),
        (
            "till gets acknowledgement orders 10 records",
            Occurrence(
                .acknowledged, by: .client("till"), about: TopicPartitions("orders"), records: 10)
        ),
        ("billing receives orders-0@3", Occurrence(.received, by: .client("billing"),
            about: about, offset: 3)),
        ("broker 1 has isr orders-0", Occurrence(.committedISR, by: broker(1), about: about)),
        ("broker 1 opens", Occurrence(.opened, by: broker(1))),
        ("broker 1 opens log orders-0", Occurrence(.openedLog, by: broker(1), about: about)),
        ("broker 1 gets fenced twice", Occurrence(.fenced, by: broker(1), count: 2)),
    ])
    func `an event may be about partitions, records and errors`(
        _ text: String, _ meaning: Occurrence
    ) throws {
        #expect(try event(text) == meaning)
    }

    @Test(arguments: [
        ("broker 4", "there is no broker 4: the brokers are 1, 2 and 3"),
        ("broker 101", "there is no broker 101: 101 is a controller, the brokers are 1, 2 and 3"),
        (
            "controller 9",
            "there is no controller 9: the controllers are 101, 102 and 103"
        ),
        ("leader", "of what? write leader(orders-0)"),
        ("leader(orders)", "which partition of orders? write orders-0"),
        ("leader(orders-3)", "there is no orders-3: orders has partitions 0 to 2"),
        ("leader(mail-box-1)", "there is no mail-box-1: mail-box has only partition 0"),
        ("leader(nothing)", "expected a partition such as \"orders-0\", found \"nothing\""),
        ("leader(orders-0", "expected \")\", found the end of the text"),
        ("follower(orders-0)", "expected \", 1\": which follower, found \")\""),
        ("follower(orders-0, 0)", "followers are counted from 1"),
        ("producer tll", "there is no producer \"tll\""),
        ("producer billing", "there is no producer \"billing\""),
        ("observer 2", "there is no observer 2: the cluster has none"),
    ])
    func `a target that cannot be meant is a mistake`(_ text: String, _ said: String) {
        let complaint = #expect(throws: Complaint.self) { try target(text) }
        #expect(complaint?.what == said)
    }

    @Test(arguments: [
        ("order-0 has a leader", "orders"), ("leader(ordrs-0) is broker 1", "orders"),
        ("tll has 3 failures", "till"), ("till has 3 failurs", "failures"),
        ("orders-0 has high watrmark 3", "high watermark"), ("broker 1 is fencd", "fenced"),
        ("broker 1 leeds orders-0", "leads"),
    ])
    func `a slip in a condition is shown with the nearest right word`(
        _ text: String, _ nearest: String
    ) {
        let complaint = #expect(throws: Complaint.self) { try condition(text) }
        #expect(complaint?.nearest == nearest)
    }

    @Test func `what is expected of clusters may be a state or an event, too`() throws {
        for (text, isEvent) in [
            ("till has 50 acknowledgements", false), ("broker 1 has isr orders-0", true),
            ("broker 2 leads orders-0", false), ("orders-0 has no leader", false),
            ("billing receives 3 records", true), ("till gets refused", true),
        ] {
            var phrase = Phrase(text)
            switch try phrase.parseExpected(roster) {
            case .event: #expect(isEvent, "\(text)")
            case .condition: #expect(!isEvent, "\(text)")
            }
        }
    }
}
