import Kernel
import Testing

@testable import Scenarios

private let story = """
    title = "t"
    until = "12s"
    [cluster]
    brokers = 2
    controllers = 1
    [topic.orders]
    partitions = 2
    replication.factor = 2
    [producer.till]
    topic = "orders"
    acks = { any = [0, 1, "all"] }
    records = 50
    every = "20ms"
    [consumer.billing]
    assign = ["orders"]
    auto.offset.reset = "earliest"
    [[step]]
    at = "1s..3s"
    crash = "any broker"
    [[step]]
    at = "6s"
    heal = "all"
    [chaos]
    every = "2s"
    lasting = "2s"
    [expect]
    sometimes = ["till has 10 acknowledgements"]
    """

private func outcome(_ scenario: Scenario, seed: UInt64, from boot: Boot?) -> Outcome {
    var run = Run(scenario.plan(seed: seed), file: scenario.file, from: boot)
    run.finish()
    return run.outcome()
}

@Suite struct BootTests {
    @Test func `runs that share a start are those that would have started by themselves`() throws {
        let scenario = try Scenario.load(text: story, file: "f")
        let boot = Boot(scenario.plan(seed: 1))
        for seed in UInt64(1)...4 {
            #expect(boot?.beginning(of: scenario.plan(seed: seed)) != nil)
            #expect(
                outcome(scenario, seed: seed, from: boot)
                    == outcome(scenario, seed: seed, from: nil))
        }
    }

    @Test func `a start serves only clusters that start with the same`() throws {
        let open = story.replacing("partitions = 2", with: "partitions = { any = [1, 2, 3] }")
        let scenario = try Scenario.load(text: open, file: "f")
        let first = scenario.plan(seed: 1)
        let boot = Boot(first)
        let other = try #require(
            (2...20).map { scenario.plan(seed: $0) }.first {
                $0.configuration.cluster?.topics != first.configuration.cluster?.topics
            })
        #expect(boot?.beginning(of: first) != nil)
        #expect(boot?.beginning(of: other) == nil)
        #expect(
            outcome(scenario, seed: other.seed, from: boot)
                == outcome(scenario, seed: other.seed, from: nil))
    }

    @Test func `a bare quorum has nothing before its beginning`() throws {
        let scenario = try Scenario.load(text: "[cluster]\ncontrollers = 3", file: "f")
        #expect(Boot(scenario.plan(seed: 1)) == nil)
    }
}
