import Checks
import Kafka
import Kernel
import Simulation
import Testing

@testable import Scenarios

private func plan(_ text: String) throws -> Plan {
    try Scenario.load(text: text, file: "f").plan()
}

private func instant(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

private func action(_ text: String) throws -> Step {
    try plan("[cluster]\nobservers = 1\n[[step]]\nat = \"1s\"\n\(text)").configuration.steps[0]
}

@Suite struct PlanTests {
    @Test func `an empty file is three controllers and a minute of nothing`() throws {
        let plan = try plan("")
        #expect(plan.cluster == "3 controllers")
        #expect(plan.until == instant(60))
        #expect(plan.seed == 1)
        #expect(plan.configuration.steps.isEmpty)
        #expect(plan.configuration.raft == RaftSettings())
        #expect(!plan.isCalmAtEnd)
    }

    @Test func `the first comment is the story, and the title is the title`() throws {
        let scenario = try Scenario.load(
            text: "# One line.\n#\n#  Another.\n\ntitle = \"T\" # no story\nseed = 9", file: "f")
        #expect(scenario.story == "One line.\n\nAnother.")
        #expect(scenario.title == "T")
        #expect(scenario.seed == 9)
    }

    @Test func `voters, standbys and observers are numbered in this order`() throws {
        let plan = try plan("[cluster]\ncontrollers = 2\nstandbys = 1\nobservers = 2")
        let nodes = plan.configuration.nodes
        #expect(nodes.map(\.id.rawValue) == [1, 2, 3, 4, 5])
        #expect(nodes.map(\.isVoter) == [true, true, false, false, false])
        #expect(nodes.map(\.canBecomeVoter) == [true, true, true, false, false])
        #expect(plan.cluster == "2 controllers, 1 standby, 2 observers")
    }

    @Test func `Kafka's settings go by their own names, dotted, nested or quoted`() throws {
        for text in [
            "[cluster]\ncontroller.quorum.fetch.timeout.ms = 1500",
            "[cluster]\n\"controller.quorum.fetch.timeout.ms\" = \"1.5s\"",
            "[cluster.controller.quorum]\nfetch.timeout.ms = 1500",
            "cluster.controller.quorum.fetch.timeout.ms = 1500",
        ] {
            #expect(try plan(text).configuration.raft.fetchTimeout == .milliseconds(1_500))
        }
    }

    @Test func `a setting that nothing reads is accepted, and said to be idle`() throws {
        let plan = try plan(
            """
            [cluster]
            log.retention.ms = "7d"
            "log.retention.bytes" = "1GB"
            auto.create.topics.enable = false
            metric.reporters = ["a.B", "c.D"]
            """)
        #expect(plan.idleSettings.map(\.line) == [2, 3, 4, 5])
    }

    @Test func `fixes are taken out of and put into a version by name`() throws {
        #expect(try plan("").configuration.raft.generation.has(.preVote))
        #expect(try !plan("without = [\"KIP-996\"]").configuration.raft.generation.has(.preVote))
        #expect(try !plan("kafka = \"3.9\"").configuration.raft.generation.has(.preVote))
        let back = try plan("kafka = \"3.9\"\nwith = [\"KIP-996\"]")
        #expect(back.configuration.raft.generation.has(.preVote))
    }

    @Test func `calm heals everything and stops the workload before the end`() throws {
        let plan = try plan("until = \"50s\"\ncalm = \"20s\"\n[workload]\nevery = \"5ms\"")
        #expect(plan.calmFrom == instant(30))
        #expect(plan.configuration.proposers[0].until == plan.calmFrom)
        #expect(plan.configuration.steps == [Step(.at(plan.calmFrom), .heal(.all))])
        #expect(plan.steps.isEmpty)
    }

    @Test func `chaos leaves a third of the run to recover in`() throws {
        let plan = try plan("until = \"60s\"\n[chaos]\nfamilies = [\"power-losses\", \"cuts\"]")
        let chaos = try #require(plan.configuration.chaos.first)
        #expect(chaos.families == [.powerLosses, .cuts])
        #expect(chaos.until == instant(40))
        #expect(plan.isCalmAtEnd)
        #expect(plan.configuration.steps.isEmpty)
    }

    @Test(arguments: [
        ("crash = \"controller\"", Fault.crash(.controller)),
        ("power-loss = \"voter 1\"", .losePower(.node(NodeID(1)))),
        ("restart = \"any down node\"", .restart(.any(.down))),
        ("pause = \"controller\"", .pause(.controller)),
        ("shut-down = \"controller\"", .shutDown(.controller)),
        ("skew-clock = \"controller\"\nby = \"-2s\"", .skewClock(.controller, ahead: .seconds(-2))),
        ("jump-clock = \"controller\"\nby = \"1m\"", .jumpClock(.controller, by: .seconds(60))),
        ("move = \"controller\"", .move(.controller)),
        ("isolate = \"controller\"", .cut(.controller, from: nil, .both, .stall)),
        (
            "isolate = \"controller\"\nfrom = \"voters\"\ndirection = \"incoming\"\n"
                + "connections = \"die\"",
            .cut(.controller, from: .every(.voter), .incoming, .die)
        ),
        (
            "reset = \"controller\"\nfrom = \"broker 4\"",
            .reset(.controller, from: .node(NodeID(4)))
        ),
        ("silence = \"controller\"", .silence(.controller, from: nil)),
        ("clog = \"controller\"\nby = \"1s\"", .clog(.controller, from: nil, by: .seconds(1))),
        (
            "swizzle = \"voters\"\nby = \"1s\"\nwithin = \"9s\"",
            .swizzle(.every(.voter), by: .seconds(1), within: .seconds(9))
        ),
        ("slow-disk = \"controller\"\nby = \"1s\"", .slowDisk(.controller, by: .seconds(1))),
        ("fill-disk = \"controller\"", .fillDisk(.controller)),
        ("lying-disk = \"controller\"", .lieAboutFlushes(.controller)),
        ("flip-bit = \"controller\"", .flipBit(.controller, .tail)),
        ("flip-bit = \"controller\"\nplace = \"anywhere\"", .flipBit(.controller, .anywhere)),
        ("wipe-disk = \"controller\"", .wipeDisk(.controller)),
        ("replace-disk = \"controller\"", .replaceDisk(.controller)),
        ("drop-request = \"Vote\"", .disturb(RequestFault(api: .quorum(.vote), action: .drop))),
        (
            "lose-reply = \"any\"\nsender = \"controller\"\nreceiver = \"voter 2\"\nfirst = 3\n"
                + "count = \"all\"",
            .disturb(
                RequestFault(
                    from: .controller, to: .node(NodeID(2)), first: 3, count: nil,
                    action: .loseReply))
        ),
        (
            "delay-request = \"Fetch\"\nby = \"2s\"\ncount = 5",
            .disturb(RequestFault(api: .quorum(.fetch), count: 5, action: .delay(.seconds(2))))
        ),
    ])
    func `every fault has its words`(_ text: String, _ fault: Fault) throws {
        #expect(try action(text).action == .fault(fault))
    }

    @Test(arguments: [
        ("heal = \"all\"", Step.Action.heal(.all)),
        ("heal = \"disks\"", .heal(.disks)),
        ("resume = \"same\"", .heal(.resume(.same))),
        ("propose = 10", .propose(records: 10)),
        ("resign = \"controller\"", .admin(.resign)),
        ("describe-quorum = \"controller\"", .admin(.describe)),
        ("upgrade-kraft-version = 1", .admin(.upgradeKRaftVersion(1))),
        ("add-voter = \"controller 3\"", .admin(.addVoter(.node(NodeID(3))))),
        ("remove-voter = \"controller\"", .admin(.removeVoter(.controller))),
        ("snapshot = \"voters\"", .admin(.snapshot(.every(.voter)))),
    ])
    func `every other action has its words`(_ text: String, _ expected: Step.Action) throws {
        #expect(try action(text).action == expected)
    }

    @Test func `a named step is healed by its name`() throws {
        let plan = try plan(
            """
            [[step]]
            at = "1s"
            crash = "controller"
            [[step]]
            name = "cut"
            at = "2s"
            isolate = "controller"
            [[step]]
            when = "there is a controller"
            later = "3s"
            heal = "cut"
            """)
        #expect(plan.configuration.steps[2].action == .heal(.step(1)))
        #expect(plan.configuration.steps[2].delay == .seconds(3))
        #expect(plan.steps.map(\.text) == [
            "at 1s crash controller", "cut: at 2s isolate controller",
            "when there is a controller heal cut",
        ])
        #expect(plan.steps.map(\.line) == [1, 4, 8])
    }

    @Test func `every key of the schema and every verb is explained in the documentation`() throws {
        let readme = try documentation()
        for table in Schema.tables {
            for key in table.keys where !readme.contains("`\(key.name)`") {
                Issue.record("\(table.title): `\(key.name)` is not explained")
            }
        }
        for words in Phrase.eventWords where !readme.contains(words) {
            Issue.record("the event \"\(words)\" is not explained")
        }
    }
}
