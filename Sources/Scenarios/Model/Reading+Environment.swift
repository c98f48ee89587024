import Kafka
import Kernel
import Simulation
import TOML

/// Links, disks, and what keeps the cluster busy.
extension Reading {
    mutating func readNetwork(
        _ file: inout TableReader, _ base: NetworkConfiguration, _ roster: Roster
    ) -> NetworkConfiguration {
        var network = base
        guard var table = file.readTable("network", &self) else { return network }
        let latency = Form<Distribution>.latency(named: "same-rack", .sameRack).checked {
            spread throws(Complaint) in
            // A message that takes no time could be answered without end at one instant.
            guard spread.least > 0 else { throw Complaint("a message takes more than 0") }
        }
        if let spread = table.read("latency", as: latency, &self) { network.latency = spread }
        let rate = table.read("bandwidth", as: Form<Int64?>.rate, &self)
        if let rate { network.bandwidth = rate }
        let trips = table.read("handshake-round-trips", as: .integer(in: 0...100), &self)
        if let trips { network.handshakeRoundTrips = UInt8(trips) }
        network.retransmissionLimit =
            table.read("retransmission-limit", as: .duration, &self) ?? network.retransmissionLimit
        network.reconnectBackoff =
            table.read("reconnect-backoff", as: .duration, &self) ?? network.reconnectBackoff
        network.reconnectBackoffMax =
            table.read("reconnect-backoff-max", as: .duration, &self)
            ?? max(network.reconnectBackoffMax, network.reconnectBackoff)
        if network.reconnectBackoffMax < network.reconnectBackoff {
            report(
                "network.reconnect-backoff-max: is less than reconnect-backoff",
                at: table.take("reconnect-backoff-max")?.value.position ?? table.position)
        }
        for var link in table.readTables("link", mayBeSingle: false, &self) {
            let ends = link.require("between", as: .pair(roster), &self)
            let spread = link.require("latency", as: latency, &self)
            link.finish(&self)
            guard let ends, let spread else { continue }
            network.links.append(
                LinkConfiguration(from: ends.from, to: ends.to, latency: spread))
        }
        table.finish(&self)
        return network
    }

    mutating func readDisk(_ file: inout TableReader) -> DiskConfiguration {
        var disk = DiskConfiguration()
        guard var table = file.readTable("disk", &self) else { return disk }
        disk.flushLatency =
            table.read("flush", as: .latency(named: "solid-state", .solidState), &self)
            ?? disk.flushLatency
        disk.tornTailsPerMillion =
            table.read("torn-tails", as: .ratio, &self)?.perMillion ?? disk.tornTailsPerMillion
        disk.unflushed = table.read("unflushed", as: .word("word"), &self) ?? disk.unflushed
        disk.leavesEmptyFiles =
            table.read("empty-files", as: .flag, &self) ?? disk.leavesEmptyFiles
        table.finish(&self)
        return disk
    }

    mutating func readWorkloads(
        _ file: inout TableReader, until end: Instant
    ) -> [ProposerConfiguration] {
        file.readTables("workload", mayBeSingle: true, &self).map { table in
            var table = table
            return readWorkload(&table, until: end)
        }
    }

    private mutating func readWorkload(
        _ table: inout TableReader, until end: Instant
    ) -> ProposerConfiguration {
        let every = table.read("every", as: .pace, &self) ?? .milliseconds(10)
        let batch = table.read("batch", as: .integer(in: 1...10_000), &self) ?? 1
        let size = table.read("size", as: .recordSize, &self) ?? 100
        let records = table.read("records", as: .integer(in: 1...1_000_000_000_000), &self)
        let pipelined = table.read("pipelined", as: .integer(in: 1...1_000_000), &self)
        let from = table.read("from", as: .duration, &self) ?? .zero
        let until = table.read("until", as: .duration, &self)
        table.finish(&self)
        return ProposerConfiguration(
            every: every, batchRecords: Int32(batch), recordBytes: size, records: records,
            pipelined: pipelined.map { Int($0) }, from: .zero + from,
            until: min(end, until.map { .zero + $0 } ?? .never))
    }

    mutating func readSnapshots(_ file: inout TableReader) -> SnapshotPolicy? {
        guard var table = file.readTable("snapshots", &self) else { return nil }
        let every = table.require("every", as: .integer(in: 1...1_000_000_000_000), &self)
        let size = table.read("size", as: .size, &self) ?? 1_000_000
        table.finish(&self)
        return every.map { SnapshotPolicy(everyRecords: $0, sizeInBytes: size) }
    }

    /// With where each stands, for those that never strike.
    mutating func readChaos(
        _ file: inout TableReader, until end: Instant, _ roster: Roster
    ) -> [(chaos: Chaos, source: Plan.StepSource)] {
        file.readTables("chaos", mayBeSingle: true, &self).map { table in
            var table = table
            return readChaos(&table, until: end, roster)
        }
    }

    private mutating func readChaos(
        _ table: inout TableReader, until end: Instant, _ roster: Roster
    ) -> (chaos: Chaos, source: Plan.StepSource) {
        let line = table.keyPosition(of: "families").line
        var chaos = Chaos(
            families: Chaos.Family.harmless(withBrokers: roster.isCluster), until: end)
        if table.has("families") {
            let named = table.readList("families", as: .word("family", Chaos.names), &self)
            chaos.families = named.map(\.value)
            for (family, source) in named where family.needsBrokers && !roster.isCluster {
                report(
                    "\(table.path).families: \(Chaos.name(of: family)) are of clusters: "
                        + "there are no brokers", at: source.position)
            }
        }
        chaos.among = table.read("among", as: .target(roster), &self)
        chaos.every = table.read("every", as: .pace, &self) ?? chaos.every
        chaos.lasting = table.read("lasting", as: .positiveDuration, &self) ?? chaos.lasting
        chaos.from = .zero + (table.read("from", as: .duration, &self) ?? .zero)
        chaos.leftOutPerMillion =
            table.read("left-out", as: .ratio, &self)?.perMillion ?? chaos.leftOutPerMillion
        chaos.sparesMajority = table.read("spares-majority", as: .flag, &self) ?? false
        table.finish(&self)
        return (chaos, Plan.StepSource(line: line, text: "chaos"))
    }
}

extension Form where Value == Interval {
    /// Of what happens again and again.
    fileprivate static let pace = duration.checked { interval throws(Complaint) in
        guard interval >= .microseconds(1) else { throw Complaint("must be at least 1us") }
    }
}

extension Form where Value == Int32 {
    /// So that the largest batch of the largest records fits the length field of a batch.
    fileprivate static let recordSize = bytes.checked { bytes throws(Complaint) in
        guard bytes <= 100_000 else { throw Complaint("a record has at most 100KB") }
    }
}

extension Chaos {
    /// The families as scenario files call them.
    static let names: [(String, Family)] = Family.allCases.map { (kebab($0.rawValue), $0) }

    static func name(of family: Family) -> String { kebab(family.rawValue) }

    private static func kebab(_ name: String) -> String {
        name.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
    }
}

extension Form where Value == (from: NodeID, to: NodeID) {
    /// Two nodes by number: `"controller 1, observer 4"`.
    static func pair(_ roster: Roster) -> Form {
        .phrase("two nodes such as \"controller 1, controller 2\"") { phrase throws(Complaint) in
            let target = try phrase.parseTarget(roster)
            guard case .several(let ends) = target, ends.count == 2,
                case .node(let from) = ends[0], case .node(let to) = ends[1], from != to
            else { throw Complaint("a link is between two nodes, each with its number") }
            return (from, to)
        }
    }
}
