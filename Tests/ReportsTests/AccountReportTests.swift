import Foundation
import Kernel
import Scenarios
import Testing

@testable import Reports

/// What was done in a run, as reports tell it.
@Suite struct AccountReportTests {
    private static let text = """
        title = "asked and refused"
        until = "6s"
        [cluster]
        brokers = 2
        [topic.orders]
        replicas = [[1, 2]]
        [producer.till]
        topic = "orders"
        records = 3
        delivery.timeout.ms = 1000
        request.timeout.ms = 500
        [[step]]
        at = "0s"
        drop-request = "Produce"
        count = "all"
        [[step]]
        at = "1s"
        create = "orders"
        [[step]]
        at = "2s"
        describe = "reassignments"
        [expect]
        never = ["broker 2 is down"]
        """

    private func outcome() throws -> Outcome {
        var run = Run(try Scenario.load(text: Self.text, file: "a.toml"))
        run.finish()
        return run.outcome()
    }

    @Test func `the text tells what was refused, what was answered and what was given up`() throws {
        let lines = TextReport().text(of: try outcome()).split(separator: "\n")
        #expect(
            lines.contains {
                $0.hasSuffix("create topic orders: refused with TOPIC_ALREADY_EXISTS")
            })
        let question = try #require(
            lines.firstIndex { $0.hasSuffix("  describe reassignments") })
        #expect(lines[question + 1].hasSuffix("  no reassignment is under way"))
        #expect(lines.contains { $0.contains("in the end  till gave up 3 records: ") })
        #expect(lines.contains { $0.hasPrefix("  · never ") && $0.hasSuffix("broker 2 is down") })
    }

    @Test func `JSON has the steps, orders, faults, clients and settings`() throws {
        let text = JSONReport().text(outcomes: [try outcome()])
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let run = try #require((read["runs"] as? [[String: Any]])?.first)
        func members(_ name: String) throws -> [[String: Any]] {
            try #require(run[name] as? [[String: Any]], "\(name)")
        }
        let steps = try members("steps")
        #expect(steps.map { $0["fired-at-ns"] as? Int } == [0, 1_000_000_000, 2_000_000_000])
        let orders = try members("orders")
        #expect(orders.first?["refused-with"] as? String == "TOPIC_ALREADY_EXISTS")
        #expect(orders.last?["answer"] as? [String] == ["no reassignment is under way"])
        let faults = try members("faults").compactMap { $0["text"] as? String }
        #expect(faults.contains { $0.contains("till") })
        let till = try #require(try members("clients").first)
        #expect(till["failed"] as? Int == 3 && till["acknowledged"] as? Int == 0)
        #expect((till["given-up"] as? [[String: Any]])?.count == 1)
        let settings = try members("settings").compactMap { $0["name"] as? String }
        #expect(settings.contains("producer.till.delivery.timeout.ms"))
    }
}
