import Testing

@testable import Scenarios

/// Whatever a file says, it is read or refused: nothing traps.
@Suite struct AnyScenarioTests {
    private static let original = """
        # A story.
        title = "everything at once"
        seed = 7
        kafka = "4.2"
        without = ["KIP-996"]
        until = "30s"
        calm = "5s"
        cluster = { controllers = "1..5", standbys = 1, observers = { any = [0, 2] } }
        [network]
        latency = { min = "1ms", p99 = "5ms", max = "20ms" }
        bandwidth = "10MB/s"
        [[network.link]]
        between = "controller 1, controller 2"
        latency = "3ms"
        [disk]
        torn-tails = "1/3"
        [[workload]]
        every = "10ms"
        size = "1.5KiB"
        [snapshots]
        every = 100
        [[step]]
        name = "cut"
        at = "1s..20s"
        isolate = "all but controller, voter 1"
        from = "any voter"
        lasting = "5s"
        [[step]]
        when = "voter 1 leads and epoch reaches 3 or nobody leads"
        drop-request = "Fetch"
        count = "all"
        [[step]]
        after = "any voter becomes leader in epoch 2 3 times"
        heal = "cut"
        [chaos]
        families = ["cuts"]
        left-out = "12.5%"
        [expect]
        violates = ["raft-log-matching"]
        sometimes = ["any voter truncates"]
        eventually = ["there is a controller"]
        """

    private static let cluster = """
        title = "a cluster"
        calm = "5s"
        [cluster]
        brokers = "3..4"
        replica.lag.time.max.ms = "10s"
        eligible.leader.replicas.version = { any = [0, 1] }
        [broker.2]
        broker.rack = "north"
        [topic.orders]
        replicas = [[1, 2, 3], [2, 3, 1]]
        min.insync.replicas = 2
        [producer.till]
        topic = "orders-0"
        acks = { any = [0, 1, "all"] }
        records = "10..20"
        every = "10ms"
        keys = "K0..K9"
        bootstrap = "broker 1, broker 2"
        [consumer.billing]
        assign = ["orders", "orders-1"]
        waits = true
        [[step]]
        when = "till has 5 acknowledgements and isr(orders-0) has 3"
        isolate = "leader(orders-0)"
        from = "followers(orders-0), till"
        [[step]]
        after = "broker 1 appends orders-0@12 in epoch 1"
        send = "till"
        to = "orders"
        values = ["a", "b"]
        awaits = true
        [[step]]
        at = "1s"
        fail-request = "Produce"
        of = "orders-0"
        error = "NOT_LEADER_OR_FOLLOWER"
        [[step]]
        at = "2s"
        create = "mail"
        partitions = 3
        retention.ms = "1h"
        [[step]]
        at = "3s"
        configure = "topic mail"
        min.insync.replicas = "two"
        unset = ["retention.ms"]
        [[step]]
        at = "4s"
        reassign = "mail-2"
        replicas = [3, 1]
        [[step]]
        at = "5s"
        seek = "billing"
        of = "orders-1"
        offset = "beginning"
        [expect]
        sometimes = ["follower(orders-0, 1) is broker 2", "till gets refused with CORRUPT_MESSAGE"]
        """

    private static let tokens = [
        "\"", "[", "]", "[[step]]", "{ any = [", "}", "=", "..", ",", "\n", "-1", "0", "1e9",
        "9223372036854775807", "\"99999999999s\"", "any", "voter", "controller", "%", "/", "é",
        "= \"1..9223372036854775807\"", "= \"-9223372036854775808..9223372036854775807\"", ".",
        "leader(orders-0)", "(", ")", "@", "orders-9", "brokers", "\"any\"", "till",
        "true", "at", "crash", "step", "cluster", "\"0.000001%\"", "'", "#", "every", "99999",
    ]

    @Test(arguments: [original, cluster])
    func `the original is right`(_ original: String) {
        #expect(throws: Never.self) {
            try Scenario.load(text: original, file: "f")
        }
    }

    @Test(arguments: [original, cluster])
    func `a damaged file never traps, and what is read makes a plan`(_ text: String) {
        var dice = Dice(state: 11)
        let original = Array(text.utf8)
        var read = 0
        for round in 0..<1_000 {
            var bytes = original
            for _ in 0...dice.below(3) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] = UInt8(32 + dice.below(95))
                case 1: bytes.removeSubrange(place..<min(place + dice.below(8), bytes.count))
                case 2:
                    let token = Self.tokens[dice.below(Self.tokens.count)]
                    bytes.insert(contentsOf: token.utf8, at: place)
                default: bytes.swapAt(place, dice.below(bytes.count))
                }
            }
            guard let scenario = try? Scenario.load(bytes: bytes, file: "f") else { continue }
            read += 1
            _ = scenario.plan(seed: UInt64(round))
        }
        #expect(read > 10)
    }

    @Test(arguments: [original, cluster])
    func `values exchanged between keys never trap`(_ text: String) {
        var dice = Dice(state: 12)
        let lines = text.split(separator: "\n").map(String.init)
        let values = lines.compactMap { $0.split(separator: " = ", maxSplits: 1).dropFirst().first }
        for _ in 0..<500 {
            var changed = lines
            for _ in 0...dice.below(3) {
                let place = dice.below(lines.count)
                guard let key = lines[place].split(separator: " = ").first else { continue }
                changed[place] = "\(key) = \(values[dice.below(values.count)])"
            }
            _ = try? Scenario.load(text: changed.joined(separator: "\n"), file: "f")
        }
    }
}

/// SplitMix64: the same inputs in every run.
private struct Dice {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
