/// A transaction of which a partition keeps where it began (TxnMetadata).
public struct TransactionSpan: Hashable, Sendable {
    public var producerID: ProducerID
    public var firstOffset: LogOffsetMetadata
    /// Where its marker is, once there is one.
    public var lastOffset: Int64?
}

/// The state of a partition's producers up to an offset, as a file holds it
/// (ProducerStateManager.writeSnapshot): of each producer only the last batch.
public struct ProducerSnapshot: Sendable {
    public var offset: Int64
    /// Ascending by producer id.
    public var producers: [ProducerStateEntry]
    /// Transactions that ended without being replicated yet. Kafka's file has no place for them.
    public var unreplicated: [TransactionSpan]
    /// False when the file is broken.
    public var isReadable = true
}

/// The producer snapshot files of a log, by offset.
public struct ProducerSnapshots: Sendable {
    private var files: [ProducerSnapshot] = []

    public var offsets: [Int64] { files.map { $0.offset } }
    public var latest: ProducerSnapshot? { files.last }
    public var isEmpty: Bool { files.isEmpty }

    mutating func write(_ snapshot: ProducerSnapshot) {
        let index = files.firstIndex { $0.offset >= snapshot.offset } ?? files.count
        if index < files.count, files[index].offset == snapshot.offset {
            files[index] = snapshot
        } else {
            files.insert(snapshot, at: index)
        }
    }

    @discardableResult
    mutating func remove(at offset: Int64) -> Bool {
        guard let index = files.firstIndex(where: { $0.offset == offset }) else { return false }
        files.remove(at: index)
        return true
    }

    mutating func removeAll(where matches: (Int64) -> Bool) {
        files.removeAll { matches($0.offset) }
    }

    mutating func corrupt(at offset: Int64) -> Bool {
        guard let index = files.firstIndex(where: { $0.offset == offset }) else { return false }
        files[index].isReadable = false
        return true
    }

    /// Keeps the snapshots at the segments' base offsets, and of the others the newest if it is
    /// newer than all of these: what earlier versions and crashes left behind goes
    /// (removeStraySnapshots).
    mutating func removeStrays(keeping baseOffsets: [Int64]) {
        guard let highest = baseOffsets.last else { return }
        let strays = offsets.filter { !baseOffsets.contains($0) }
        guard let newest = strays.last else { return }
        removeAll { strays.contains($0) && ($0 != newest || newest < highest) }
    }
}
