import Kafka

/// A state of the world, judged when something that it speaks of has changed.
public indirect enum Condition: Hashable, Sendable {
    /// A running voter leads.
    case hasController
    case role(Target, Role)
    case epoch(Target, atLeast: Int32)
    case logEnd(Target, atLeast: Int64)
    case highWatermark(Target, atLeast: Int64)
    case isRunning(Target)
    case isDown(Target)
    /// Both mean the same processes, and at least one.
    case same(Target, Target)
    /// The first means somebody, and only such as the second means too.
    case among(Target, Target)
    /// It means so many.
    case size(Target, Int)
    /// The topic is there and has the partition.
    case exists(TopicPartition)
    case hasLeader(TopicPartition)
    /// As the metadata log has it.
    case leaderEpoch(TopicPartition, atLeast: Int32)
    /// Of a replica: of the leader's where no target says whose.
    case replica(TopicPartition, ReplicaMeasure, on: Target?, atLeast: Int64)
    /// A broker is registered, and the controller believes that it is not there.
    case isFenced(Target)
    /// How often something has befallen a client since the run began.
    case tally(Target, ClientTally.Count, atLeast: Int64)
    /// A producer has sent what it was told to send, and knows the fate of all of it.
    case isDone(Target)
    /// A consumer is further in the partition than it believes that the log goes: its lag is
    /// negative.
    case isPastEnd(Target, TopicPartition)
    case not(Condition)
    case all([Condition])
    case any([Condition])

    /// What can be measured of a replica.
    public enum ReplicaMeasure: String, Hashable, Sendable {
        case logStart, logEnd, highWatermark
    }
}

extension Condition {
    /// The kinds of happenings that can change it, as a set of bits.
    var watched: UInt64 {
        // Targets such as `controller` depend on roles and lives, whatever the condition is about,
        // and others on what the metadata log says of partitions.
        let always =
            Happening.Kind.lifeBits | Happening.Kind.roleBits | Happening.Kind.metadataBits
        switch self {
        case .hasController, .role, .epoch, .isRunning, .isDown, .same, .among, .size, .exists,
            .hasLeader, .leaderEpoch, .isFenced:
            return always
        case .logEnd:
            return always
                | Happening.Kind.bits(
                    .appended, .truncated, .lostRecords, .forgotRecords, .loadedSnapshot)
        case .highWatermark: return always | Happening.Kind.movedHighWatermark.bit
        case .replica:
            return always
                | Happening.Kind.bits(
                    .openedLog, .appendedRecords, .truncatedLog, .movedLogHighWatermark,
                    .movedLogStart, .closedLog)
        case .tally, .isDone:
            return always
                | Happening.Kind.bits(
                    .acknowledged, .sendFailed, .sendRefused, .received, .resetPosition,
                    .callThrew)
        case .isPastEnd:
            return always | Happening.Kind.bits(.received, .resetPosition, .lookedUp)
        case .not(let condition): return condition.watched
        case .all(let conditions), .any(let conditions):
            return conditions.reduce(0) { $0 | $1.watched }
        }
    }
}
