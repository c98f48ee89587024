import Kernel

/// `replica.selector.class`: from which replica a consumer should read (KIP-392).
public enum ReplicaSelector: Hashable, Sendable {
    /// One in the consumer's rack, if the leader is not.
    case rackAware
}

extension Partition {
    /// From whom to read instead of from this leader; nil: from this leader, or this replica leads
    /// not. Only ISR members that have the offset come into question: who lags behind would give a
    /// consumer less than the leader does, for ever. Of several the one that has most.
    mutating func preferredReadReplica(
        for fetcher: Fetcher, at offset: Int64, _ broker: BrokerContext
    ) -> NodeID? {
        guard case .consumer(let rack?, _, true) = fetcher, !rack.isEmpty, let leadership,
            broker.settings.selector == .rackAware, broker.rack(of: broker.id) != rack
        else { return nil }
        var best: FollowerProgress?
        for follower in leadership.followers
        where leadership.isr.committed.contains(follower.broker) && follower.endOffset >= offset
            && follower.logStartOffset <= offset && broker.rack(of: follower.broker) == rack
        {
            if best.map({ isFurther(follower, than: $0) }) ?? true { best = follower }
        }
        return best?.broker
    }

    private func isFurther(_ one: FollowerProgress, than other: FollowerProgress) -> Bool {
        (one.endOffset, one.lastCaughtUp, one.broker)
            > (other.endOffset, other.lastCaughtUp, other.broker)
    }
}

extension BrokerContext {
    /// Of a live broker.
    func rack(of broker: NodeID) -> String? {
        guard let registration = sharedMetadata.value.brokers[broker], !registration.isFenced else {
            return nil
        }
        return registration.rack
    }
}
