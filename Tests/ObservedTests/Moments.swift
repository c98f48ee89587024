import Kafka
import Kernel
import Simulation

/// A moment at which somebody looked at the real cluster: between two steps, and perhaps before
/// something that came about there.
struct Moment {
    /// The step before it; nil: none.
    var after: Int?
    /// The step behind it; nil: the end.
    var before: Int?
    /// The next change of a partition that was seen before that step.
    var change: (partition: String, epoch: Int32)?
    /// Somebody looked again before anything was seen to change: this was right after the step.
    var isEarly = false
    /// What the administrator was told, by the names of what he was told about.
    var seen: [Observation.Fact]
}

extension Observation {
    /// What the administrator saw, in the order in which he looked.
    func moments(_ run: [Line]) -> [Moment] {
        var moments: [Moment] = []
        var step: Int?
        for (place, line) in run.enumerated() {
            switch line {
            case .step(let number, _): step = number
            case .pass, .final: break
            case .saw(let what):
                guard let seen = what.lookedAt else { continue }
                var moment = Moment(after: step, seen: seen)
                moment.look(ahead: run[place...].dropFirst())
                moments.append(moment)
            }
        }
        return moments
    }
}

extension Moment {
    fileprivate mutating func look(ahead lines: ArraySlice<Observation.Line>) {
        for line in lines {
            switch line {
            case .step(let number, _):
                before = number
                return
            case .saw(let what) where change == nil && what.hasPrefix("controller changes "):
                guard let epoch = what.value(of: "partition-epoch").flatMap({ Int32($0) }) else {
                    continue
                }
                change = (what.words[2], epoch)
            case .saw(let what) where change == nil:
                if what.lookedAt?.map(\.name) == seen.map(\.name) { isEarly = true }
            default: break
            }
        }
    }
}

extension String {
    /// What was seen by one who looked: nil if this tells of something else.
    fileprivate var lookedAt: [Observation.Fact]? {
        if hasPrefix("admin describe ") || hasPrefix("admin offsets ") { return facts }
        guard hasPrefix("admin reassignments ") else { return nil }
        guard let arrow = range(of: " -> ") else { return nil }
        return [Observation.Fact(name: "listed", value: String(self[arrow.upperBound...]))]
    }
}

extension Playing {
    /// How many events there were until that moment.
    func mark(of moment: Moment) -> Int {
        let start = moment.after.flatMap { marks[$0] } ?? 0
        let end = moment.before.flatMap { marks[$0] } ?? events.count
        if moment.isEarly {
            let acknowledged = events[start..<max(start, end)].lastIndex {
                if case .client(.acknowledged) = $0.happening { true } else { false }
            }
            return acknowledged.map { $0 + 1 } ?? start
        }
        guard let change = moment.change,
            let id = world.identity(of: TopicPartition(change.partition))
        else { return end }
        let found = events[start..<max(start, end)].firstIndex { event in
            if case .metadata(.partition(id, let its)) = event.happening {
                return its.partitionEpoch >= change.epoch
            }
            return false
        }
        return found ?? end
    }

    /// Where the log of a partition began and how far it was committed, on its leader.
    func offsets(of partition: TopicPartition, before mark: Int) -> (start: Int64, end: Int64)? {
        guard let id = world.identity(of: partition),
            let leader = state(of: partition, before: mark)?.leader,
            let process = world.index(of: leader)
        else { return nil }
        var offsets: (start: Int64, end: Int64)?
        for event in events[..<mark] where event.process == process {
            guard case .replica(let change) = event.happening else { continue }
            switch change {
            case .opened(id, let start, _, let watermark): offsets = (start, watermark)
            case .movedHighWatermark(id, _, let to): offsets?.end = to
            case .movedStart(id, _, let to): offsets?.start = to
            default: break
            }
        }
        return offsets
    }
}
