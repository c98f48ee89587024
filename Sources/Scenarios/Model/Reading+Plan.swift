import Checks
import Kafka
import Kernel
import Simulation
import TOML

/// The file as a whole, table by table.
extension Reading {
    mutating func readPlan(_ document: TOMLTable) -> Plan {
        let start = TOMLPosition(line: 1, column: 1)
        var file = TableReader(document, path: "", schema: Schema.scenario, at: start)
        let title = file.read("title", as: .text, &self) ?? nameOfFile
        let seed = readSeed(&file)
        let end = file.read("until", as: .duration, &self) ?? .seconds(60)
        var generation = readGeneration(&file)
        var mending = readMending(&file, &generation)

        var cluster = readCluster(document, &file)
        findTopics(document, &cluster.roster)
        findClients(document, &cluster.roster)
        readNodes(&file, &cluster)
        readTopics(&file, &cluster)
        cluster.configuration.cluster?.generation = generation
        formatAsBefore(generation, &cluster)
        cluster.configuration.raft.generation = generation
        cluster.configuration.network = readNetwork(
            &file, cluster.configuration.network, cluster.roster)
        cluster.configuration.disk = readDisk(&file)
        let hasChaos = file.has("chaos")
        let calmFrom = readCalm(&file, until: end, hasChaos: hasChaos)
        readClients(&file, &cluster, until: calmFrom)
        refuseQuorumTables(file, cluster.roster)
        cluster.configuration.proposers = readWorkloads(&file, until: calmFrom)
        cluster.configuration.snapshots = readSnapshots(&file)
        let isCalm = calmFrom < .zero + end
        let steps = readSteps(
            &file, cluster.roster, until: calmFrom, isCalmAtEnd: isCalm, &cluster.idleSettings)
        cluster.configuration.steps = steps.map(\.step)
        let chaos = readChaos(&file, until: calmFrom, cluster.roster)
        cluster.configuration.chaos = chaos.map(\.chaos)
        if isCalm, !hasChaos {
            cluster.configuration.steps.append(Step(.at(calmFrom), .heal(.all)))
        }
        var expectations = readExpectations(&file, cluster.roster, isCalmAtEnd: isCalm)
        if mending != nil {
            let mended = readExpectations(of: &mending!.table, cluster.roster, isCalmAtEnd: isCalm)
            if mending!.isDone { expectations = mended }
        }
        file.finish(&self)

        return Plan(
            title: title, seed: seed, cluster: summary(of: cluster.configuration.nodes),
            until: .zero + end, calmFrom: calmFrom, configuration: cluster.configuration,
            expectations: expectations, isFixable: mending != nil,
            isFixed: mending?.isDone ?? false, steps: steps.map(\.source),
            chaos: chaos.map(\.source),
            settings: settings, idleSettings: cluster.idleSettings, openings: [])
    }

    /// What a file is called that has no title.
    private var nameOfFile: String {
        let name = self.file.split(separator: "/").last ?? ""
        return String(name.hasSuffix(".toml") ? name.dropLast(5) : name)
    }

    private mutating func readSeed(_ file: inout TableReader) -> UInt64 {
        guard let entry = file.take("seed") else { return 1 }
        guard case .integer(let seed) = entry.value.kind, seed >= 0 else {
            report(
                "seed: expected an integer from 0; it cannot be open, as it fills the openings",
                at: entry.value.position)
            return 1
        }
        return UInt64(seed)
    }

    /// When everything heals. Chaos leaves a third of the run to recover in, if nothing is said.
    private mutating func readCalm(
        _ file: inout TableReader, until end: Interval, hasChaos: Bool
    ) -> Instant {
        let third = Interval(nanoseconds: end.nanoseconds / 3)
        guard let entry = file.take("calm"),
            let calm = read(entry.value, as: .duration, path: "calm")
        else { return .zero + (hasChaos ? end - third : end) }
        guard calm < end else {
            report(
                "calm: must be shorter than the run, which ends at \(end)",
                at: entry.value.position)
            return .zero + end
        }
        return .zero + (end - calm)
    }

    /// What only a bare quorum can have.
    private mutating func refuseQuorumTables(_ file: TableReader, _ roster: Roster) {
        guard roster.isCluster else { return }
        if file.has("workload") {
            report(
                "[workload] is for a quorum without brokers: write [producer.…]",
                at: file.keyPosition(of: "workload"))
        }
        if file.has("snapshots") {
            report(
                "[snapshots] is for a quorum without brokers",
                at: file.keyPosition(of: "snapshots"))
        }
    }

    private func summary(of nodes: [NodeConfiguration]) -> String {
        func count(_ number: Int, _ word: String) -> String? {
            number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let parts = [
            count(nodes.count { $0.isBroker }, "broker"),
            count(nodes.count { $0.isVoter }, "controller"),
            count(nodes.count { $0.canBecomeVoter && !$0.isVoter }, "standby"),
            count(nodes.count { !$0.canBecomeVoter && !$0.isBroker }, "observer"),
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

// MARK: - Which Kafka

extension Reading {
    private mutating func readGeneration(_ file: inout TableReader) -> Generation {
        let before = mistakes
        let version = file.read("kafka", as: .version, &self) ?? KafkaVersion(4, 3)
        let isKnown = mistakes == before
        let name = "Kafka \(version.major).\(version.minor)"
        var generation = Generation(version)
        for (fix, source) in file.readList("with", as: .fix, &self) {
            if generation.has(fix), isKnown {
                report("with: \(name) has \(fix.name) already", at: source.position)
            }
            generation.insert(fix)
        }
        for (fix, source) in file.readList("without", as: .fix, &self) {
            if !generation.has(fix), isKnown {
                report("without: \(name) does not have \(fix.name)", at: source.position)
            }
            generation.remove(fix)
        }
        for fix in takenOut {
            if !generation.has(fix), isKnown {
                report(
                    "\(fix.name) cannot be taken out: \(name) does not have it here",
                    at: TOMLPosition(line: 1, column: 1))
            }
            generation.remove(fix)
        }
        return generation
    }

    /// `[fixed]`: what mends the bug that the story shows. Where all of it is in, the story is
    /// expected to end as that table says.
    private mutating func readMending(
        _ file: inout TableReader, _ generation: inout Generation
    ) -> (table: TableReader, isDone: Bool)? {
        guard var table = file.readTable("fixed", &self) else { return nil }
        let fixes = table.readList("by", as: .fix, &self).map(\.value)
        if fixes.isEmpty, !table.has("by") { _ = table.require("by", as: .fix, &self) }
        if isFixed { for fix in fixes { generation.insert(fix) } }
        return (table, fixes.allSatisfy { generation.has($0) })
    }
}

extension Form where Value == KafkaVersion {
    static let version = Form("a version such as \"4.3\"") { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let major = natural(parts[0]),
            let minor = natural(parts[1]), parts.count == 2 || natural(parts[2]) != nil,
            major < 100, minor < 100
        else { throw Complaint("a version is written as \"4.3\"") }
        let version = KafkaVersion(Int(major), Int(minor))
        guard version <= KafkaVersion(4, 3) else {
            throw Complaint("Kafka \(text) is not simulated; the newest is 4.3")
        }
        guard version >= KafkaVersion(0, 8) else {
            throw Complaint("Kafka \(text) had no replicas; the oldest that is simulated is 0.8")
        }
        return version
    }
}

extension Form where Value == Fix {
    static let fix = Form("the name of a fix such as \"KIP-996\"") { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        if let fix = Fix.allCases.first(where: { $0.name == text }) { return fix }
        throw Complaint(
            "unknown fix \(shown(text))",
            nearest: nearestWord(to: text, among: Fix.allCases.map(\.name)))
    }
}
