import Kernel

@testable import Kafka

/// The `state` and `replica` lines of one partition on one broker.
struct PartitionStates {
    /// Words before `->` that say which one: empty where there is only one.
    var name = ""
    private var state = ""
    private var followers: [(broker: NodeID, text: String)] = []

    init(name: String = "") {
        self.name = name
    }

    /// A new process: nothing is known of what it knows.
    mutating func forget() {
        state = ""
        followers = []
    }

    static func text(_ partition: Partition?, _ broker: BrokerContext) -> String {
        guard let partition else { return "role=none" }
        let leader = PartitionWords.orNone(partition.leader?.rawValue)
        var text = "role=\(partition.isLeader ? "leader" : "follower") leader=\(leader)"
            + " leaderEpoch=\(partition.leaderEpoch) partitionEpoch=\(partition.partitionEpoch)"
        if let leadership = partition.leadership {
            text += " epochStart=\(PartitionWords.orNone(leadership.epochStart))"
                + " isr=\(PartitionWords.list(leadership.isr.committed))"
                + " change=\(change(leadership.isr))"
                + " maximalIsr=\(PartitionWords.list(leadership.isr.maximal))"
                + " underMinIsr=\(partition.isUnderMinISR)"
        }
        let log = partition.log
        text += " hw=\(log.highWatermark) lso=\(log.lastStableOffset) leo=\(log.endOffset)"
            + " start=\(log.logStartOffset)"
        if partition.isLeader { text += " lowWatermark=\(partition.lowWatermark(broker))" }
        let epochs = log.leaderEpochs.entries.map { "\($0.epoch)@\($0.startOffset)" }
        return text + " epochs=\(LogText.list(epochs))"
    }

    private static func change(_ isr: InSyncReplicas) -> String {
        switch isr {
        case .committed: "-"
        case .expanding(_, let new, _): "expand+\(new.rawValue)"
        case .shrinking(_, let leaving, _): "shrink-\(PartitionWords.list(leaving))"
        }
    }

    static func text(_ follower: FollowerProgress) -> String {
        "leo=\(follower.endOffset) start=\(follower.logStartOffset)"
            + " caughtUp=\(PartitionWords.milliseconds(follower.lastCaughtUp))"
            + " lastFetch=\(PartitionWords.milliseconds(follower.lastFetch))"
            + " lastLeaderLeo=\(follower.leaderEndAtLastFetch)"
            + " brokerEpoch=\(PartitionWords.orNone(follower.brokerEpoch))"
    }

    /// What has changed; nothing at all: `state -> unchanged`. `suffix` is what the files about
    /// followers add to the state.
    mutating func tell(
        _ partition: Partition?, _ broker: BrokerContext, suffix: String = "",
        _ lines: inout [String]
    ) {
        let new = Self.text(partition, broker) + suffix
        let known = (partition?.leadership?.followers ?? []).map {
            (broker: $0.broker, text: Self.text($0))
        }
        var told: [String] = []
        for follower in known {
            if followers.first(where: { $0.broker == follower.broker })?.text == follower.text {
                continue
            }
            told.append("replica \(label(of: follower.broker)) -> \(follower.text)")
        }
        for follower in followers where !known.contains(where: { $0.broker == follower.broker }) {
            told.append("replica \(label(of: follower.broker)) -> gone")
        }
        told.sort()
        let hasChanged = new != state || !told.isEmpty
        let words = name.isEmpty ? "state" : "state \(name)"
        lines.append(hasChanged ? "\(words) -> \(new)" : "\(words) -> unchanged")
        lines += told
        state = new
        followers = known
    }

    private func label(of broker: NodeID) -> String {
        name.isEmpty ? "\(broker.rawValue)" : "\(name) id=\(broker.rawValue)"
    }
}
