import Kernel

/// `replica.selector.class`: which replica a consumer should read from (KIP-392).
public enum ReplicaSelector: Hashable, Sendable {
    /// One in the consumer's rack, if the leader is not.
    case rackAware
}
