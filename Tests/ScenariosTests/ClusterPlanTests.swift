import Kafka
import Kernel
import Simulation
import Testing

@testable import Scenarios

private func plan(_ text: String) throws -> Plan {
    try Scenario.load(text: text, file: "f").plan()
}

private let small = """
    [cluster]
    brokers = 3
    [topic.orders]
    partitions = 2
    [producer.till]
    [consumer.billing]
    assign = ["orders"]
    """

private func action(_ step: String) throws -> Step.Action {
    try plan(small + "\n[[step]]\nat = \"1s\"\n" + step).configuration.steps[0].action
}

@Suite struct ClusterPlanTests {
    @Test func `brokers count from 1 and controllers beside them from 101`() throws {
        let nodes = try plan("[cluster]\nbrokers = 2\ncontrollers = 1").configuration.nodes
        #expect(nodes.map(\.id.rawValue) == [101, 1, 2])
        #expect(nodes.map(\.isBroker) == [false, true, true])
        #expect(nodes.map(\.isVoter) == [true, false, false])
    }

    @Test func `combined, the first brokers are the controllers`() throws {
        let plan = try plan("[cluster]\nbrokers = 4\ncombined = true")
        #expect(plan.configuration.nodes.map(\.id.rawValue) == [1, 2, 3, 4])
        #expect(plan.configuration.nodes.map(\.isVoter) == [true, true, true, false])
        #expect(plan.configuration.nodes.map(\.isBroker) == [true, true, true, true])
        #expect(plan.cluster == "4 brokers, 3 controllers")
    }

    @Test func `a file without brokers is a bare quorum`() throws {
        let plan = try plan("[cluster]\nobservers = 2\nbroker.session.timeout.ms = 5000")
        #expect(plan.configuration.cluster == nil)
        #expect(plan.configuration.nodes.map(\.id.rawValue) == [1, 2, 3, 4, 5])
        #expect(plan.idleSettings.map(\.text) == ["broker.session.timeout.ms"])
    }

    @Test func `settings are all nodes', or those of one`() throws {
        let plan = try plan(
            """
            [cluster]
            brokers = 3
            replica.lag.time.max.ms = "10s"
            controller.quorum.fetch.timeout.ms = 3000
            group.min.session.timeout.ms = 3000
            eligible.leader.replicas.version = 0
            [broker.2]
            replica.lag.time.max.ms = 5000
            broker.rack = "north"
            [controller.1]
            clock-ahead = "-2s"
            """)
        let cluster = try #require(plan.configuration.cluster)
        #expect(cluster.settings(of: NodeID(1)).number("replica.lag.time.max.ms") == 10_000)
        #expect(cluster.settings(of: NodeID(2)).number("replica.lag.time.max.ms") == 5_000)
        #expect(cluster.settings(of: NodeID(2)).text("broker.rack") == "north")
        #expect(plan.configuration.raft.fetchTimeout == .seconds(3))
        #expect(cluster.features == [FeatureLevel(.eligibleLeaderReplicasVersion, 0)])
        #expect(plan.idleSettings.map(\.text) == ["group.min.session.timeout.ms"])
        #expect(plan.configuration.nodes[0].clockAhead == .seconds(-2))
    }

    @Test(arguments: [
        ("", [nil, nil, nil]), ("metadata.version = 21", [21, 0, 0]),
        ("metadata.version = 25\ntransaction.version = 1", [25, 1, 0]),
        ("eligible.leader.replicas.version = 0", [nil, nil, 0]),
    ] as [(String, [Int16?])])
    func `a cluster with an older metadata version has the features of its day`(
        _ given: String, _ levels: [Int16?]
    ) throws {
        let plan = try plan("[cluster]\nbrokers = 3\n\(given)")
        let features = try #require(plan.configuration.cluster).features
        let wanted: [Feature] = [
            .metadataVersion, .transactionVersion, .eligibleLeaderReplicasVersion,
        ]
        #expect(wanted.map { its in features.first { $0.feature == its }?.level } == levels)
    }

    @Test func `topics are there with their partitions, replicas and settings`() throws {
        let plan = try plan(
            """
            [cluster]
            brokers = 3
            [topic.orders]
            partitions = 6
            replication.factor = 3
            min.insync.replicas = 2
            retention.ms = "1h"
            [topic.mail]
            replicas = [[1, 2], [2, 3]]
            preallocate = true
            """)
        let topics = try #require(plan.configuration.cluster?.topics)
        #expect(
            topics == [
                TopicConfiguration(
                    "orders", partitions: 6, replicationFactor: 3,
                    settings: [
                        .init("min.insync.replicas", "2"), .init("retention.ms", "3600000"),
                    ]),
                TopicConfiguration(
                    "mail", assignments: [[NodeID(1), NodeID(2)], [NodeID(2), NodeID(3)]],
                    settings: [.init("preallocate", "true")]),
            ])
        #expect(plan.idleSettings.map(\.text) == ["preallocate"])
    }

    @Test func `a producer has Kafka's settings and something to send`() throws {
        let plan = try plan(
            """
            calm = "10s"
            [cluster]
            brokers = 3
            [topic.orders]
            [producer.till]
            topic = "orders-0"
            acks = 1
            linger.ms = 0
            records = 100
            every = "10ms"
            keys = "K8..K10"
            bootstrap = "broker 2"
            from = "2s"
            client.id = "till"
            """)
        let till = try #require(plan.configuration.cluster?.producers.first)
        #expect(till.name == "till")
        #expect(till.settings.acks == .leader)
        #expect(!till.settings.isIdempotent)
        #expect(till.settings.linger == .zero)
        #expect(till.settings.bootstrapNodes == [NodeID(2)])
        #expect(till.startsAt == .zero + .seconds(2))
        var order = SendOrder(
            to: "orders", partition: 0, keys: ["K8", "K9", "K10"], records: 100,
            every: .milliseconds(10))
        order.until = .zero + .seconds(50)
        #expect(till.orders == [order])
        #expect(plan.idleSettings.map(\.text) == ["client.id"])
    }

    @Test func `a consumer has Kafka's settings and partitions to read`() throws {
        let plan = try plan(
            """
            [cluster]
            brokers = 3
            [topic.orders]
            partitions = 3
            [topic.mail]
            [consumer.billing]
            assign = ["orders-0", "mail", "orders-2"]
            auto.offset.reset = "earliest"
            work = "50ms"
            waits = true
            """)
        let billing = try #require(plan.configuration.cluster?.consumers.first)
        #expect(
            billing.reads
                == .assigned([TopicPartitions("orders", [0, 2]), TopicPartitions("mail")]))
        #expect(billing.settings.reset == .earliest)
        #expect(billing.workTime == .milliseconds(50))
        #expect(billing.startsAt == .never)
        #expect(billing.settings.bootstrapNodes == [NodeID(1), NodeID(2), NodeID(3)])
    }

    @Test func `a step has producers send`() throws {
        var order = SendOrder(
            to: "orders", partition: 1, keys: ["a"], values: [nil], records: 80,
            every: .milliseconds(250), atOnce: 2, awaits: true)
        order.until = .zero + .seconds(60)
        #expect(
            try action(
                "send = \"till\"\nto = \"orders-1\"\nrecords = 80\nevery = \"250ms\"\n"
                    + "at-once = 2\nkeys = [\"a\"]\ntombstone = true\nawaits = true")
                == .send(.client("till"), order))
    }

    static let clientSteps: [(String, Step.Action)] = [
        ("flush = \"producers\"", .tell(.every(.producer), .flush)),
        ("close = \"till, billing\"",
            .tell(.several([.client("till"), .client("billing")]), .close)),
        ("seek = \"billing\"\nof = \"orders-0\"\noffset = 5",
            .tell(.client("billing"), .seek(TopicPartition("orders", 0), .offset(5)))),
        ("seek = \"billing\"\nof = \"orders-0\"\noffset = \"end\"",
            .tell(.client("billing"), .seek(TopicPartition("orders", 0), .end))),
        ("assign = \"billing\"\nof = [\"orders-1\"]",
            .tell(.client("billing"), .assign([TopicPartitions("orders", [1])]))),
        ("start = \"till\"", .fault(.restart(.client("till")))),
        ("crash = \"leader(orders-0)\"", .fault(.crash(.leader(TopicPartition("orders", 0))))),
        ("isolate = \"leader(orders-0)\"\nfrom = \"brokers\"",
            .fault(
                .cut(.leader(TopicPartition("orders", 0)), from: .every(.broker), .both, .stall))),
        ("mark-clean = \"broker 2\"", .markClean(.node(NodeID(2)))),
        ("prefer = \"broker 2\"\nof = \"orders-0\"",
            .prefer(.node(NodeID(2)), TopicPartition("orders", 0))),
    ]

    @Test(arguments: clientSteps)
    func `every step of clients has its words`(_ text: String, _ expected: Step.Action) throws {
        #expect(try action(text) == expected)
    }

    static let orders: [(String, AdminOrder, Step.Entrance)] = [
        ("create = \"mail\"\nreplicas = [[1, 2]]\nmin.insync.replicas = 2",
            .createTopic(
                TopicConfiguration(
                    "mail", assignments: [[NodeID(1), NodeID(2)]],
                    settings: [.init("min.insync.replicas", "2")])), .controllers),
        ("delete-topic = \"orders\"", .deleteTopic("orders"), .controllers),
        ("add-partitions = \"orders\"\ntotal = 4",
            .addPartitions("orders", count: 4, assignments: nil), .controllers),
        ("reassign = \"orders-0\"\nreplicas = [3, 1]",
            .reassign([.init("orders", 0, to: [NodeID(3), NodeID(1)])]), .controllers),
        ("reassign = \"orders-0\"\nreplicas = \"cancel\"",
            .reassign([.init("orders", 0, to: nil)]), .controllers),
        ("elect = \"preferred\"\nof = \"orders\"",
            .elect(.preferred, [TopicPartitions("orders")]), .controllers),
        ("elect = \"unclean\"", .elect(.unclean, nil), .controllers),
        ("configure = \"topic orders\"\nunclean.leader.election.enable = true",
            .alterConfigs([
                ConfigAlteration(
                    .topic("orders"), [.init("unclean.leader.election.enable", .set("true"))])
            ]), .brokers),
        ("configure = \"brokers\"\nmin.insync.replicas = \"two\"\nthrough = \"controllers\"",
            .alterConfigs([
                ConfigAlteration(.cluster, [.init("min.insync.replicas", .set("two"))])
            ]), .controllers),
        ("configure = \"broker 1\"\nunset = [\"log.retention.ms\"]",
            .alterConfigs([
                ConfigAlteration(.broker(NodeID(1)), [.init("log.retention.ms", .delete)])
            ]), .brokers),
        ("delete-records = \"orders-0\"\nbefore = 12",
            .deleteRecords(topic: "orders", partition: 0, before: 12), .controllers),
        ("set-feature = \"eligible.leader.replicas.version\"\nlevel = 1",
            .updateFeatures([FeatureUpdate(.eligibleLeaderReplicasVersion, 1)]), .controllers),
        ("unregister = \"broker 3\"", .unregister(NodeID(3)), .controllers),
    ]

    @Test(arguments: orders)
    func `every order of an administrator has its words`(
        _ text: String, _ order: AdminOrder, _ entrance: Step.Entrance
    ) throws {
        #expect(try action(text) == .manage(order, through: entrance))
    }

    static let faults: [(String, RequestFault)] = [
        ("drop-request = \"Produce\"\nof = \"orders-0\"",
            RequestFault(
                api: .cluster(.produce), about: TopicPartitions("orders", [0]), action: .drop)),
        ("drop-request = \"quorum Fetch\"", RequestFault(api: .quorum(.fetch), action: .drop)),
        ("drop-request = \"Fetch\"", RequestFault(api: .cluster(.fetch), action: .drop)),
        ("fail-request = \"Produce\"\nerror = \"NOT_LEADER_OR_FOLLOWER\"\nsender = \"till\"",
            RequestFault(
                api: .cluster(.produce), from: .client("till"),
                action: .fail(.notLeaderOrFollower))),
        ("lose-reply = \"any\"\nreceiver = \"leader(orders-0)\"\ncount = \"all\"",
            RequestFault(
                to: .leader(TopicPartition("orders", 0)), count: nil, action: .loseReply)),
        ("delay-request = \"AlterPartition\"\nby = \"2s\"",
            RequestFault(api: .cluster(.alterPartition), action: .delay(.seconds(2)))),
    ]

    @Test(arguments: faults)
    func `every fault of requests has its words`(_ text: String, _ fault: RequestFault) throws {
        #expect(try action(text) == .fault(.disturb(fault)))
    }
}
