import Kafka
import Kernel
import Simulation
import TOML

/// A cluster as the file describes it.
struct Cluster {
    var configuration: WorldConfiguration
    var roster: Roster
    /// Settings that change nothing here.
    var idleSettings: [Plan.StepSource] = []
    /// What the nodes' properties files say.
    var given: [GivenSetting] = []
}

extension Reading {
    /// A file that speaks of brokers, topics or clients has a cluster; others have a bare quorum.
    mutating func readCluster(_ document: TOMLTable, _ file: inout TableReader) -> Cluster {
        let needsBrokers = ["topic", "producer", "consumer", "broker"].first { file.has($0) }
        guard var table = file.readTable("cluster", &self) else {
            let roster = Roster(controllers: 3...3, standbys: 0...0, observers: 0...0)
            if let needsBrokers { reportMissingBrokers(needsBrokers, file) }
            return Cluster(
                configuration: WorldConfiguration(controllers: 3),
                roster: needsBrokers == nil ? roster : roster.with(brokers: 3))
        }
        let brokers = readCount("brokers", 1...10_000, or: 0, &table)
        var isCluster = brokers.extent.upperBound > 0
        if let needsBrokers, !isCluster {
            if !table.has("brokers") { reportMissingBrokers(needsBrokers, file) }
            isCluster = true
        }
        let count = isCluster ? max(brokers.count, 1) : 0
        let isCombined = readCombined(&table, hasBrokers: isCluster)
        let controllers = readCount(
            "controllers", 1...1_000, or: isCombined ? min(3, count) : 3, &table)
        let standbys = readCount("standbys", 0...1_000, or: 0, &table)
        let observers = readCount("observers", 0...10_000, or: 0, &table)
        var roster = Roster(
            controllers: controllers.extent, standbys: standbys.extent,
            observers: observers.extent)
        if isCluster {
            roster.brokers = brokers.extent.upperBound > 0 ? brokers.extent : 3...3
            roster.isCombined = isCombined
            if observers.extent.upperBound > 0 {
                report(
                    "cluster.observers: brokers are the observers here",
                    at: table.keyPosition(of: "observers"))
            }
            if isCombined, roster.controllerIDs.upperBound > brokers.extent.lowerBound {
                report(
                    "cluster.combined: there are more controllers than brokers",
                    at: table.keyPosition(of: "combined"))
            }
        }
        var configuration = WorldConfiguration(
            nodes: isCluster
                ? nodes(roster, controllers.count, standbys.count, brokers: count)
                : nodes(controllers.count, standbys.count, observers.count))
        let version = table.read("kraft.version", as: .integer(in: 0...1), &self)
        configuration.kraftVersion = Int16(version ?? 1)
        var cluster = Cluster(configuration: configuration, roster: roster)
        if isCluster {
            let features = readFeatures(&table)
            readClusterSettings(&table, &cluster)
            cluster.configuration.cluster?.features = features
        } else {
            for key in Feature.allCases.map(\.name) where key != "kraft.version" {
                guard let entry = table.take(key) else { continue }
                report("\(shown(key)) needs brokers", at: entry.pathPosition)
            }
            cluster.idleSettings = readSettings(&table, into: &cluster.configuration)
        }
        return cluster
    }

    private mutating func reportMissingBrokers(_ table: String, _ file: TableReader) {
        report(
            "[\(table).…] needs brokers: say in [cluster] how many, brokers = 3",
            at: file.keyPosition(of: table))
    }

    private mutating func readCombined(
        _ table: inout TableReader, hasBrokers: Bool
    ) -> Bool {
        guard let isCombined = table.read("combined", as: .flag, &self) else { return false }
        if isCombined, !hasBrokers {
            report(
                "cluster.combined: there are no brokers to combine with",
                at: table.keyPosition(of: "combined"))
        }
        return isCombined && hasBrokers
    }

    /// A cluster of a time when eligible leaders were not there yet, or not by default, has none
    /// unless the file says so (KIP-966).
    func formatAsBefore(_ generation: Generation, _ cluster: inout Cluster) {
        let feature = Feature.eligibleLeaderReplicasVersion
        let isSaid = cluster.configuration.cluster?.features.contains { $0.feature == feature }
        guard isSaid == false, !generation.has(.eligibleLeaders) else { return }
        cluster.configuration.cluster?.features.append(FeatureLevel(feature, 0))
    }

    /// Voters first, then standbys, then observers, numbered from 1.
    private func nodes(
        _ controllers: Int, _ standbys: Int, _ observers: Int
    ) -> [NodeConfiguration] {
        (1...(controllers + standbys + observers)).map { number in
            let id = NodeID(Int32(number))
            if number <= controllers { return .voter(id) }
            let isStandby = number <= controllers + standbys
            return NodeConfiguration(id: id, isVoter: false, canBecomeVoter: isStandby)
        }
    }

    /// Controllers, then brokers; or brokers of which the first are controllers too.
    private func nodes(
        _ roster: Roster, _ controllers: Int, _ standbys: Int, brokers: Int
    ) -> [NodeConfiguration] {
        if roster.isCombined {
            return (1...max(brokers, controllers + standbys)).map { number in
                NodeConfiguration(
                    id: NodeID(Int32(number)), isVoter: number <= controllers,
                    canBecomeVoter: number <= controllers + standbys, isBroker: true)
            }
        }
        let base = roster.controllerBase
        return (1...(controllers + standbys)).map { number in
            NodeConfiguration(
                id: NodeID(Int32(base + number)), isVoter: number <= controllers,
                canBecomeVoter: true)
        } + (1...brokers).map { number in
            NodeConfiguration(
                id: NodeID(Int32(number)), isVoter: false, canBecomeVoter: false, isBroker: true)
        }
    }

    /// How many there are in this run, and between which numbers it lies in all runs.
    mutating func readCount(
        _ key: String, _ range: ClosedRange<Int64>, or fallback: Int, _ table: inout TableReader
    ) -> (count: Int, extent: ClosedRange<Int>) {
        guard let entry = table.take(key) else { return (fallback, fallback...fallback) }
        let count = read(entry.value, as: .integer(in: range), path: table.path(of: key))
        guard let count, let extent = extent(of: entry.value, within: range) else {
            return (fallback, fallback...fallback)
        }
        return (Int(count), Int(extent.lowerBound)...Int(extent.upperBound))
    }

    /// The least and the greatest integer that an opening can become; mistakes in it are none here.
    func extent(
        of value: TOMLValue, within range: ClosedRange<Int64>
    ) -> ClosedRange<Int64>? {
        switch value.kind {
        case .integer(let number):
            return range.contains(number) ? number...number : nil
        case .string(let text):
            guard let dots = text.firstRange(of: ".."), let low = Int64(text[..<dots.lowerBound]),
                let high = Int64(text[dots.upperBound...]), range.contains(low),
                range.contains(high), low <= high
            else { return nil }
            return low...high
        case .table(let table):
            guard case .array(let elements)? = table["any"]?.kind else { return nil }
            let extents = elements.compactMap { extent(of: $0, within: range) }
            guard let low = extents.map(\.lowerBound).min(),
                let high = extents.map(\.upperBound).max()
            else { return nil }
            return low...high
        default:
            return nil
        }
    }
}

extension Roster {
    fileprivate func with(brokers: Int) -> Roster {
        var roster = self
        roster.brokers = brokers...brokers
        return roster
    }
}
