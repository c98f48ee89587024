import Checks
import Kernel
import Testing

@testable import Scenarios

/// The first example of the documentation: what a reader tries first must work.
private func example() throws -> Scenario {
    let readme = try documentation()
    let start = try #require(readme.firstRange(of: "```toml\n")).upperBound
    let end = try #require(readme[start...].firstRange(of: "```")).lowerBound
    return try Scenario.load(text: String(readme[start..<end]), file: "README.toml")
}

private func outcome(_ text: String, seed: UInt64? = nil) throws -> Outcome {
    var run = Run(try Scenario.load(text: text, file: "f"), seed: seed)
    run.finish()
    return run.outcome()
}

@Suite struct RunTests {
    @Test func `a story of a cluster is run as it is written`() throws {
        let outcome = try outcome(
            """
            until = "4s"
            [cluster]
            brokers = 3
            [topic.orders]
            replicas = [[1, 2, 3]]
            [producer.till]
            acks = 1
            linger.ms = 0
            topic = "orders-0"
            records = 10
            [[step]]
            when = "till has 10 acknowledgements"
            isolate = "leader(orders-0)"
            from = "followers(orders-0)"
            [[step]]
            when = "till is done"
            fail-request = "Produce"
            of = "orders-0"
            error = "NOT_LEADER_OR_FOLLOWER"
            [[step]]
            when = "till is done"
            later = "100ms"
            send = "till"
            to = "orders"
            records = 5
            [[step]]
            at = "3s"
            drop-request = "DeleteRecords"
            [expect]
            sometimes = [
                "till gets refused orders-0 with NOT_LEADER_OR_FOLLOWER", "till has 15 acknowledgements",
                "orders-0 has log end 15 on broker 1", "broker 1 appends orders-0@14",
            ]
            """)
        #expect(outcome.asExpected)
        #expect(
            outcome.idleSteps.map(\.reason) == ["no such request was made while it stood"])
    }

    @Test func `a directory that fails takes only its own replicas away, and gives them back`() throws {
        let outcome = try outcome(
            """
            until = "50s"
            calm = "25s"
            in-order = true
            [cluster]
            brokers = 3
            [broker.1]
            directories = 2
            [topic.orders]
            replicas = [[1, 2, 3], [1, 2, 3]]
            [producer.till]
            topic = "orders"
            every = "50ms"
            keys = "K0..K9"
            until = "20s"
            [[step]]
            when = "till has 20 acknowledgements"
            fail-directory = "broker 1"
            directory = 2
            [[step]]
            when = "broker 2 leads orders-1 and broker 1 leads orders-0 and broker 1 is unfenced"
            later = "2s"
            heal = "disks"
            [[step]]
            crash = "broker 1"
            [expect]
            sometimes = ["isr(orders-1) is broker 2, broker 3 and isr(orders-0) has 3"]
            eventually = ["isr(orders-0) has 3 and isr(orders-1) has 3"]
            """)
        #expect(outcome.asExpected)
        #expect(outcome.idleSteps.isEmpty)
    }

    @Test func `a broker halts with its last directory`() throws {
        let outcome = try outcome(
            """
            until = "5s"
            [cluster]
            brokers = 2
            [[step]]
            at = "1s"
            fail-directory = "broker 1"
            [[step]]
            at = "2s"
            fail-directory = "broker 2"
            directory = 2
            [expect]
            eventually = ["broker 1 is down and broker 2 is running"]
            """)
        #expect(outcome.asExpected)
        #expect(outcome.idleSteps.isEmpty)
    }

    @Test func `the first example of the documentation does what it says`() throws {
        var run = Run(try example())
        run.finish()
        let outcome = run.outcome()
        #expect(outcome.asExpected)
        #expect(outcome.sometimes.count == 1)
        #expect(outcome.sometimes[0].reachedAt != nil)
        #expect(outcome.eventually.map(\.holds) == [true])
        #expect(outcome.idleSteps.isEmpty)
        #expect(outcome.verdicts.contains { $0.guarantee == .raftQuorumRecovers })
        #expect(outcome.endedAt == run.plan.until)
        #expect(!outcome.interrupted)
    }

    @Test func `the same scenario and seed have the same outcome, another seed another digest`()
        throws
    {
        let scenario = try example()
        func outcome(_ seed: UInt64) -> Outcome {
            var run = Run(scenario, seed: seed, stoppingAt: .zero + .seconds(5))
            run.finish()
            return run.outcome()
        }
        #expect(outcome(3) == outcome(3))
        #expect(outcome(3).digest != outcome(4).digest)
    }

    @Test func `a copied run comes to the same outcome as its original`() throws {
        var original = Run(try example(), stoppingAt: .zero + .seconds(5))
        let isGoingOn = original.advance(events: 500)
        #expect(isGoingOn)
        var copy = original
        original.finish()
        copy.finish()
        #expect(original.outcome() == copy.outcome())
    }

    @Test func `tracing changes nothing but the lines`() throws {
        var quiet = Run(try example(), stoppingAt: .zero + .seconds(5))
        var told = quiet
        told.isTracing = true
        var lines = 0
        while told.step() { lines += told.world.lines.count }
        quiet.finish()
        #expect(lines > 100)
        #expect(quiet.outcome() == told.outcome())
    }

    @Test func `a run that is stopped before its end says so, and what was true so far`() throws {
        let stop = Instant.zero + .seconds(2)
        var run = Run(try example(), stoppingAt: stop)
        run.finish()
        #expect(run.outcome().interrupted)
        #expect(run.outcome().endedAt == stop)
        var unfinished = Run(try example())
        _ = unfinished.advance(events: 100)
        #expect(unfinished.outcome().interrupted)
        #expect(unfinished.outcome().events == 100)
    }

    @Test func `what never came true is said to be missing`() throws {
        let outcome = try outcome(
            """
            until = "5s"
            [[step]]
            at = "1s"
            restart = "any down node"
            [[step]]
            when = "epoch reaches 1000"
            crash = "controller"
            [[step]]
            after = "voter 1 dies"
            heal = "all"
            [expect]
            sometimes = ["somebody leads", "epoch reaches 1000"]
            eventually = ["nobody leads"]
            """)
        #expect(outcome.sometimes.map { $0.reachedAt != nil } == [true, false])
        #expect(outcome.eventually.map(\.holds) == [false])
        #expect(outcome.idleSteps.map(\.line) == [2, 5, 8])
        #expect(!outcome.asExpected)
    }

    @Test func `what never comes true is as expected, and what comes true is told`() throws {
        let outcome = try outcome(
            """
            until = "5s"
            [[step]]
            at = "3s"
            crash = "controller"
            [expect]
            never = [
                "epoch reaches 1000", "somebody leads", "anybody crashes", "any voter crashes twice",
            ]
            """)
        #expect(outcome.never.map { $0.brokenAt != nil } == [false, true, true, false])
        #expect(outcome.never[2].brokenAt == .zero + .seconds(3))
        #expect(outcome.sometimes.isEmpty)
        #expect(!outcome.asExpected)
    }

    @Test func `a violation that is expected and does not come is not as expected`() throws {
        let outcome = try outcome(
            "until = \"3s\"\n[expect]\nviolates = [\"raft-log-matching\"]")
        #expect(outcome.verdicts[0].guarantee == .raftLogMatching)
        #expect(outcome.verdicts[0].violationExpected)
        #expect(!outcome.verdicts[0].asExpected)
        #expect(!outcome.asExpected)
    }

    @Test func `without a calm nothing is said of what must be true at last`() throws {
        let outcome = try outcome("until = \"3s\"")
        #expect(!outcome.verdicts.contains { $0.guarantee.moment == .eventually })
        #expect(outcome.asExpected)
    }

    @Test func `an event is counted in records where it says so`() throws {
        let outcome = try outcome(
            """
            until = "10s"
            [workload]
            every = "10ms"
            batch = 4
            records = 40
            [expect]
            sometimes = [
                "controller appends 20 records",
                "controller appends 4000 records",
                "high watermark reaches 20",
            ]
            """)
        #expect(outcome.sometimes.map { $0.reachedAt != nil } == [true, false, true])
    }
}
