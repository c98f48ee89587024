import Simulation

extension Guarantee {
    /// What there must be in a world for a guarantee to say anything.
    public enum Subject: Comparable, Sendable {
        /// The metadata quorum, which every world has.
        case quorum
        /// Brokers and their partitions.
        case cluster
        case producers
        case consumers
    }

    public var subject: Subject {
        switch self {
        case .raftOneLeaderPerEpoch, .raftOneVotePerEpoch, .raftLogMatching,
            .raftLeaderHasCommitted, .raftHighWatermark, .raftCommittedNeverChanges,
            .raftNoNeedlessElection, .raftStaleLeaderResigns, .noProcessDies, .raftQuorumRecovers:
            .quorum
        case .acknowledgedRecordLost, .nonmonotonicSend: .producers
        case .consistentRead, .lostWrite, .unseen, .duplicate, .inconsistentOffsets, .pollSkip,
            .intPollSkip, .nonmonotonicPoll, .intNonmonotonicPoll:
            .consumers
        default: .cluster
        }
    }

    /// Whether there is in such a world what the guarantee speaks of, and can be told.
    public func concerns(_ world: WorldConfiguration) -> Bool {
        if self == .duplicate, !world.hasNumberedRecords { return false }
        return switch subject {
        case .quorum: true
        case .cluster: world.cluster != nil
        case .producers: !(world.cluster?.producers ?? []).isEmpty
        case .consumers: !(world.cluster?.consumers ?? []).isEmpty
        }
    }

    /// Of those that do not speak of the quorum.
    var promiseOfCluster: String {
        switch self {
        case .acknowledgedRecordLost:
            "a record that a producer was told is written is in the log of every later leader"
        case .consistentRead:
            "what a consumer was once given at an offset is in the log of every later leader"
        case .committedPrefix:
            "every member of the ISR has what any leader has below its high watermark"
        case .leaderCompleteness: "whoever leads a partition has everything that was committed"
        case .logMatching: "below the high watermarks of two replicas their logs are the same"
        case .replicationQuorumSuperset:
            "a leader waits for everybody whom the controllers have in the ISR"
        case .highWatermark:
            """
            log start <= last stable offset <= high watermark <= log end, and on one leader the \
            high watermark never moves back, nor does it as consumers see it
            """
        case .oneLeaderPerEpoch: "at most one broker ever leads a partition in a leader epoch"
        case .epochsOnlyGrow: "partition epochs and leader epochs only grow"
        case .isrWithinReplicas:
            "the ISR is a subset of the replicas, the leader is in it, and nobody fenced is elected"
        case .epochLineage:
            "replicas in the ISR know which leader epoch wrote what they have, and agree about it"
        case .producerState:
            "no sequence of a producer is at two offsets, and brokers know what their logs say"
        case .controllerState:
            "every controller and every broker knows exactly what the committed metadata log says"
        case .clusterRecovers:
            """
            once the faults have healed, every partition is led and in sync, every send is \
            answered, and what was written can be read and has been
            """
        default: promiseOfHistory
        }
    }

    /// Of those that judge what clients saw.
    private var promiseOfHistory: String {
        switch self {
        case .lostWrite:
            "what is acknowledged and lies below something that was read is read, too"
        case .unseen: "what is acknowledged is read by some consumer in the end"
        case .duplicate: "what is sent once is read at one offset"
        case .inconsistentOffsets: "at one offset clients only ever see one record"
        case .pollSkip: "from one poll to the next a consumer leaves no record out"
        case .intPollSkip: "within a poll a consumer leaves no record out"
        case .nonmonotonicPoll: "from one poll to the next a consumer's offsets grow"
        case .intNonmonotonicPoll: "within a poll a consumer's offsets grow"
        case .nonmonotonicSend: "what a producer sends to a partition is written in that order"
        default: preconditionFailure("\(self) speaks of the quorum")
        }
    }
}

extension WorldConfiguration {
    /// Some program sends records that say their number: where each says what the file spells, two
    /// of them may be alike by right. Without programs there is nothing to confuse.
    fileprivate var hasNumberedRecords: Bool {
        guard let producers = cluster?.producers, !producers.isEmpty else { return true }
        return producers.contains { $0.orders.contains { $0.values.isEmpty } }
            || steps.contains { step in
                if case .send(_, let order) = step.action { order.values.isEmpty } else { false }
            }
    }
}
