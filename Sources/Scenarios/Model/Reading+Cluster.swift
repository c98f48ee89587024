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
}

extension Reading {
    mutating func readCluster(_ file: inout TableReader) -> Cluster {
        guard var table = file.readTable("cluster", &self) else {
            return Cluster(
                configuration: WorldConfiguration(controllers: 3),
                roster: Roster(controllers: 3...3, standbys: 0...0, observers: 0...0))
        }
        let controllers = readCount("controllers", 1...1_000, or: 3, &table)
        let standbys = readCount("standbys", 0...1_000, or: 0, &table)
        let observers = readCount("observers", 0...10_000, or: 0, &table)
        var configuration = WorldConfiguration(
            nodes: nodes(controllers.count, standbys.count, observers.count))
        let version = table.read("kraft.version", as: .integer(in: 0...1), &self)
        configuration.kraftVersion = Int16(version ?? 1)
        let idle = readSettings(&table, into: &configuration)
        return Cluster(
            configuration: configuration,
            roster: Roster(
                controllers: controllers.extent, standbys: standbys.extent,
                observers: observers.extent),
            idleSettings: idle)
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

    /// How many there are in this run, and between which numbers it lies in all runs.
    private mutating func readCount(
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
    private func extent(
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
