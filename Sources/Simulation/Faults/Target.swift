import Kafka

/// Whom a step is aimed at. Resolved when the step fires, never before: `controller` is whoever
/// leads at that instant.
public indirect enum Target: Hashable, Sendable {
    case node(NodeID)
    /// The running voter that leads the highest epoch; nobody while there is none.
    case controller
    /// The n-th voter (from 0, by node id) that is not the controller.
    case follower(Int)
    /// A producer or a consumer.
    case client(String)
    /// Who leads the partition, as the metadata log has it; nobody while it has no leader.
    case leader(TopicPartition)
    /// The n-th of its replicas (from 0, in their order) that does not lead it.
    case replica(TopicPartition, Int)
    case members(Membership, TopicPartition)
    /// One of them, drawn by the seed. The world's own words for groups are in `Group`.
    case any(Group)
    case every(Group)
    /// Every node whom the other target does not mean.
    case allBut(Target)
    /// Everybody whom one of them means.
    case several([Target])
    /// Whom the step before this one meant when it fired.
    case same

    /// A group of processes, by what they are at that instant.
    public enum Group: String, CaseIterable, Hashable, Sendable {
        /// The processes in the voter set that the controller (or else the longest log) has.
        case voter
        case observer
        case node
        /// Voters that run and do not lead.
        case follower
        /// Those that are down: crashed, without power, or stopped.
        case down
        case running
        case paused
        /// Those that host partitions.
        case broker
        /// Those that are voters or may become some.
        case controller
        case producer
        case consumer
        /// Producers and consumers.
        case client
    }

    /// What brokers are to a partition, as the metadata log has it.
    public enum Membership: String, CaseIterable, Hashable, Sendable {
        case replicas
        /// Those that do not lead it.
        case followers
        case isr
        /// Eligible to lead although not in sync (KIP-966).
        case elr
    }
}
