/// What the control records of the log say, up to its end and committed or not: the voters and the
/// kraft.version in force, and those at every offset since the latest snapshot
/// (KRaftControlRecordStateMachine, VoterSetHistory).
///
/// A voter set counts from the moment it is written. That is safe because any two sets that follow
/// each other share a voter of every majority (KIP-853).
@usableFromInline
struct RaftControlState: Sendable {
    private struct Entry<Value: Sendable>: Sendable {
        let offset: Int64
        let value: Value
    }

    /// Ascending offsets; what a snapshot holds stands at its last offset.
    private var voterSets: [Entry<VoterSet>] = []
    private var versions: [Entry<Int16>] = []
    /// What the log itself does not say: `controller.quorum.voters`.
    private let staticVoters: VoterSet
    private let local: ReplicaKey
    private let rereadsTruncated: Bool
    /// The first offset that has not been read; -1: nothing has.
    private var nextOffset: Int64 = -1

    init(staticVoters: VoterSet, local: ReplicaKey, _ generation: Generation) {
        self.staticVoters = staticVoters
        self.local = local
        voters = staticVoters
        isLocalVoter = staticVoters.isVoter(local)
        rereadsTruncated = generation.has(.controlRecordsReread)
    }

    /// The voters in force.
    private(set) var voters: VoterSet
    /// Whether this node is one of them.
    private(set) var isLocalVoter: Bool
    /// How often the voters in force have changed.
    @usableFromInline private(set) var changes = 0
    /// The kraft.version in force: 1 or above lets voters change.
    private(set) var version: Int16 = 0

    var isReconfigurable: Bool { version >= 1 }

    /// Where the voters in force were written; nil: nowhere, they are configured. -1: in the
    /// snapshot at 0@0.
    var votersOffset: Int64? { voterSets.last?.offset }

    /// The voters at an offset as log and snapshots say; nil if they do not.
    func voters(at offset: Int64) -> VoterSet? {
        voterSets.last { $0.offset <= offset }?.value
    }

    func version(at offset: Int64) -> Int16 {
        versions.last { $0.offset <= offset }?.value ?? 0
    }

    /// Whether everything up to this offset has been read.
    func hasRead(_ offset: Int64) -> Bool { offset < nextOffset }

    /// Reads what the log has got since the last time.
    mutating func read(_ log: RaftLog) throws(RaftDeath) {
        if nextOffset < log.start || nextOffset < 0 {
            if let snapshot = log.latestSnapshot {
                try load(snapshot)
            } else if nextOffset < 0 {
                nextOffset = 0
            }
        }
        while nextOffset < log.end {
            for batch in log.read(from: nextOffset) {
                if case .control(let records) = batch.content {
                    try apply(records, at: batch.baseOffset)
                }
                nextOffset = batch.endOffset
            }
        }
    }

    /// As `read`, when only these batches are new.
    mutating func read(
        _ log: RaftLog, appended batches: some RandomAccessCollection<RaftBatch>
    ) throws(RaftDeath) {
        for batch in batches {
            guard case .data = batch.content, batch.baseOffset == nextOffset else {
                return try read(log)
            }
            nextOffset = batch.endOffset
        }
    }

    /// The log was cut; entries at its new end and behind are not true any more. Kafka 4.3.1 does
    /// not read again what is written there next: a voter set that comes back under the same
    /// offset is missed.
    mutating func truncateNew(from end: Int64) {
        voterSets.removeAll { $0.offset >= end }
        versions.removeAll { $0.offset >= end }
        if rereadsTruncated { nextOffset = min(nextOffset, end) }
        refresh()
    }

    /// A downloaded snapshot has taken the place of the whole log. Kafka 4.3.1 trusts that it had
    /// not read as far as that (handleFetchSnapshotResponse), but a log that parted from the
    /// leader's may have been longer: then the voters in the snapshot are missed, and whatever
    /// follows it up to where it had read.
    mutating func beginAnew() {
        if rereadsTruncated { nextOffset = -1 }
    }

    /// A snapshot ends at `start`: only what is in force there and later is still asked for.
    mutating func truncateOld(before start: Int64) {
        if let last = voterSets.lastIndex(where: { $0.offset <= start }) {
            voterSets.removeFirst(last)
        }
        if let last = versions.lastIndex(where: { $0.offset <= start }) {
            versions.removeFirst(last)
        }
    }

    private mutating func load(_ snapshot: RaftSnapshot) throws(RaftDeath) {
        voterSets.removeAll()
        versions.removeAll()
        let last = snapshot.id.offset - 1
        if snapshot.kraftVersion > 0 {
            versions.append(Entry(offset: last, value: snapshot.kraftVersion))
        }
        if let voters = snapshot.voters { voterSets.append(Entry(offset: last, value: voters)) }
        nextOffset = snapshot.id.offset
        refresh()
    }

    private mutating func apply(_ records: [RaftControlRecord], at base: Int64) throws(RaftDeath) {
        var offset = base
        for record in records {
            switch record {
            case .leaderChange: break
            case .kraftVersion(let version): versions.append(Entry(offset: offset, value: version))
            case .voters(let voters):
                if let last = voterSets.last, last.offset >= 0,
                    !last.value.hasOverlappingMajority(with: voters)
                {
                    throw RaftDeath(.illegalArgument, .unrelatedVoterSet)
                }
                voterSets.append(Entry(offset: offset, value: voters))
            }
            offset += 1
        }
        refresh()
    }

    private mutating func refresh() {
        version = versions.last?.value ?? 0
        let inForce = voterSets.last?.value ?? staticVoters
        guard inForce != voters else { return }
        voters = inForce
        isLocalVoter = voters.isVoter(local)
        changes += 1
    }
}
