import Kernel

extension RecordAccumulator {
    /// Takes the first batch of each partition of a node, as many as fit into one request but at
    /// least one, and closes them. Begins where the last pass stopped.
    ///
    /// A partition that is muted, empty or backing off is passed over. One whose batch may not go
    /// ends the pass, and since the next pass begins there, it holds up all partitions of its node
    /// (cured by `head-of-line-node`).
    mutating func drain(
        _ node: NodeID, _ batches: inout BatchTable, _ metadata: ProducerMetadata, at now: Instant,
        maxSize: Int32, _ identity: inout IdempotentState, _ transaction: TransactionClient
    ) -> [BatchID] {
        let led = metadata.partitions(ledBy: node)
        if led.isEmpty { return [] }
        let slot = startSlot(of: node)
        let start = drainStarts[slot].index % led.count
        var index = start
        var size: Int64 = 0
        var drained: [BatchID] = []
        repeat {
            let partition = led[index]
            drainStarts[slot].index = index
            index = (index + 1) % led.count
            guard !partitions[partition.index].isMuted,
                let first = partitions[partition.index].batches.first
            else { continue }
            batches[first].maybeNoteLeader(epoch: metadata[partition].leaderEpoch)
            if batches[first].isBackingOff(settings.retryBackoff, at: now) { continue }
            if size + Int64(batches[first].size) > Int64(maxSize), !drained.isEmpty { break }
            if settings.isIdempotent {
                guard transaction.maySend(to: partition),
                    identity.mayDrain(batches[first], batches)
                else {
                    if settings.generation.has(.headOfLineNode) { continue }
                    break
                }
                identity.maybeNumber(first, &batches, isTransactional: settings.isTransactional)
            }
            _ = partitions[partition.index].batches.removeFirst()
            batches[first].build()
            size += Int64(batches[first].size)
            drained.append(first)
        } while index != start
        return drained
    }

    private mutating func startSlot(of node: NodeID) -> Int {
        if let slot = drainStarts.firstIndex(where: { $0.node == node }) { return slot }
        drainStarts.append((node, 0))
        return drainStarts.count - 1
    }
}
