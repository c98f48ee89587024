import Kernel

/// What a replica says of offsets without giving records away.
extension Partition {
    /// Up to where the asker may read; nil isolation: to the end, as replicas do.
    private func lastFetchableOffset(for isolation: ReadIsolation?) -> Int64 {
        switch isolation {
        case .committed: log.lastStableOffset
        case .uncommitted: log.highWatermark
        case nil: log.endOffset
        }
    }

    /// The high watermark of a new leader may lie below offsets that its predecessor gave away as
    /// the latest: until it has passed the start of the epoch, consumers are put off (KIP-207).
    private func isCatchingUp(_ isolation: ReadIsolation?, _ broker: BrokerContext) -> Bool {
        guard isolation != nil, let start = leadership?.epochStart, start > log.highWatermark else {
            return false
        }
        return broker.generation.has(.latestNotBeforeEpochStart)
    }

    mutating func listOffset(
        _ asked: ListOffsetsRequest.Partition, by asker: ListOffsetsRequest.Asker,
        _ broker: BrokerContext
    ) -> ListOffsetsPartitionReply {
        var isolation: ReadIsolation?
        if case .consumer(let level) = asker { isolation = level }
        if let error = refusal(
            ofEpoch: asked.currentLeaderEpoch, leaderOnly: asker != .debugger, broker)
        {
            return ListOffsetsPartitionReply(id, error)
        }
        let isCatchingUp = isCatchingUp(isolation, broker)
        let fetchable = lastFetchableOffset(for: isolation)
        switch asked.query {
        case .latest:
            if isCatchingUp { return ListOffsetsPartitionReply(id, .offsetNotAvailable) }
            return ListOffsetsPartitionReply(id, offset: fetchable, leaderEpoch: leaderEpoch)
        case .earliest, .earliestLocal: return reply(log.offset(for: asked.query))
        default:
            let found = log.offset(for: asked.query)
            if let found, found.offset < fetchable { return reply(found) }
            return ListOffsetsPartitionReply(id, isCatchingUp ? .offsetNotAvailable : .none)
        }
    }

    private func reply(_ found: TimestampedOffset?) -> ListOffsetsPartitionReply {
        guard let found else { return ListOffsetsPartitionReply(id) }
        return ListOffsetsPartitionReply(
            id, offset: found.offset, timestamp: found.timestamp, leaderEpoch: found.leaderEpoch)
    }

    func endOffset(
        _ asked: OffsetsForLeaderEpochRequest.Partition, _ broker: BrokerContext
    ) -> OffsetsForLeaderEpochPartitionReply {
        if let error = refusal(ofEpoch: asked.currentLeaderEpoch, leaderOnly: true, broker) {
            return OffsetsForLeaderEpochPartitionReply(id, error)
        }
        return OffsetsForLeaderEpochPartitionReply(
            id, .none, end: log.endOffset(forEpoch: asked.leaderEpoch))
    }
}

extension OffsetQuery {
    /// The first version of ListOffsets that knows the query.
    var firstVersion: Int16 {
        switch self {
        case .timestamp: 0
        case .earliest, .latest: 1
        case .maxTimestamp: 7
        case .earliestLocal: 8
        case .latestTiered: 9
        case .earliestPendingUpload: 11
        }
    }
}
