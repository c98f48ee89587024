import Kernel
import Testing

@testable import Scenarios

/// What a run says of what was done in it.
@Suite struct AccountTests {
    private static let text = """
        until = "20s"
        [cluster]
        brokers = 3
        [topic.orders]
        replicas = [[1, 2, 3]]
        min.insync.replicas = 1
        [producer.till]
        topic = "orders"
        records = 20
        every = "100ms"
        delivery.timeout.ms = 1000
        request.timeout.ms = 500
        [[step]]
        at = "1s"
        create = "orders"
        [[step]]
        at = "2s"
        describe = "topic orders"
        [[step]]
        at = "3s"
        describe = "broker 2"
        [[step]]
        at = "4s"
        describe = "cluster"
        [[step]]
        at = "5s"
        describe = "reassignments"
        [[step]]
        name = "late"
        when = "till has 1000 acknowledgements"
        crash = "broker 3"
        [[step]]
        at = "500ms"
        drop-request = "Produce"
        count = "all"
        [expect]
        never = ["broker 2 is down"]
        """

    private func account() throws -> Outcome.Account {
        var run = Run(try Scenario.load(text: Self.text, file: "a.toml"))
        run.finish()
        return run.outcome().account
    }

    @Test func `each step says when it came, and whether it did`() throws {
        let steps = try account().steps
        #expect(steps.count == 7)
        #expect(steps[1].firedAt == .zero + .seconds(2))
        #expect(steps[5].firedAt == nil)
    }

    @Test func `an order that is refused says with what`() throws {
        let order = try #require(try account().orders.first)
        #expect(order.order == "create topic orders")
        #expect(order.refusal == "TOPIC_ALREADY_EXISTS")
        #expect(order.line == 13)
    }

    @Test func `what an administrator is told is what he asked for`() throws {
        let orders = try account().orders
        func answer(_ order: String) throws -> [String] {
            let found = try #require(orders.first { $0.order == order }, "\(order)")
            #expect(found.isQuestion && found.refusal == nil)
            return found.answer
        }
        #expect(
            try answer("describe topic orders") == [
                "orders partitions=1 replication.factor=3",
                "orders-0 leader=1 epoch=0 replicas=[1,2,3] isr=[1,2,3] elr=[]",
            ])
        #expect(
            try answer("describe configs of topic orders") == [
                "topic orders min.insync.replicas=1 (of the topic)"
            ])
        #expect(try answer("describe configs of broker 2").contains { $0.hasPrefix("broker 2 ") })
        #expect(try answer("describe cluster").prefix(3) == ["broker-1", "broker-2", "broker-3"])
        #expect(try answer("describe reassignments") == ["no reassignment is under way"])
    }

    @Test func `faults, clients and settings are all there`() throws {
        let account = try account()
        #expect(account.faults.contains { $0.text.contains("till asks broker-1, which never") })
        let till = try #require(account.clients.first { $0.name == "till" })
        #expect(till.isProducer)
        let tally = till.tally.map(\.count)
        #expect(tally[0] + tally[1] == 20)
        #expect(till.givenUp.reduce(0) { $0 + $1.records } == tally[1] && tally[1] > 0)
        #expect(
            account.settings.contains {
                $0.name == "topic.orders.min.insync.replicas" && $0.value == "1" && $0.line == 6
            })
        #expect(account.settings.contains { $0.name == "producer.till.delivery.timeout.ms" })
    }

    @Test(arguments: [
        ("\"broker 9\"", "there is no broker 9"), ("\"moon\"", "\"topic orders\""),
        ("1", "found an"), ("\"topic bills\"", "bills"),
    ])
    func `a question that cannot be asked is a mistake`(_ value: String, _ part: String) {
        let text = """
            [cluster]
            brokers = 3
            [topic.orders]
            [[step]]
            at = "1s"
            describe = \(value)
            """
        let error = #expect(throws: ScenarioErrors.self) {
            try Scenario.load(text: text, file: "a.toml")
        }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
}
