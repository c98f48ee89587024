import Kernel
import Testing

@testable import Scenarios

/// Settings with which nothing takes any time: whoever is busy with nothing lets time pass all the
/// same.
@Suite struct BusyTests {
    struct Busy: CustomTestStringConvertible, Sendable {
        let table: String
        let setting: String

        var testDescription: String { "\(table): \(setting)" }
    }

    @Test(arguments: [
        Busy(table: "cluster", setting: "log.cleaner.backoff.ms = 0"),
        Busy(table: "cluster", setting: "replica.high.watermark.checkpoint.interval.ms = 0"),
        Busy(table: "cluster", setting: "replica.fetch.backoff.ms = 0"),
        Busy(table: "producer.till", setting: "request.timeout.ms = 0"),
        Busy(table: "producer.till", setting: "retry.backoff.ms = 0"),
        Busy(table: "consumer.billing", setting: "request.timeout.ms = 0"),
        Busy(table: "consumer.billing", setting: "retry.backoff.ms = 0"),
        Busy(table: "consumer.billing", setting: "poll = \"0s\""),
    ])
    func `time passes whatever is set to take none`(_ busy: Busy) throws {
        let tables = [
            ("cluster", "brokers = 2"), ("topic.orders", "replicas = [[1, 2]]"),
            ("producer.till", "topic = \"orders\"\nevery = \"50ms\""),
            ("consumer.billing", "assign = [\"orders\"]"),
        ]
        let text = tables.map { name, lines in
            "[\(name)]\n\(lines)\n" + (name == busy.table ? "\(busy.setting)\n" : "")
        }.joined()
        let crash = "[[step]]\nat = \"1s\"\ncrash = \"leader(orders-0)\"\n"
        let scenario = try Scenario.load(
            text: "title = \"Busy\"\nuntil = \"3s\"\n" + text + crash, file: "busy.toml")
        var run = Run(scenario, seed: 1)
        run.finish()
        let outcome = run.outcome()
        #expect(outcome.endedAt == .zero + .seconds(3))
        #expect(outcome.events < 500_000)
    }
}
