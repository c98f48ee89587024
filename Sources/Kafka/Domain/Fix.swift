/// A version of Kafka, as far as behaviour goes: `4.3`.
public struct KafkaVersion: Comparable, Hashable, Sendable {
    public var major: Int
    public var minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    public static func < (left: KafkaVersion, right: KafkaVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// A change that made Kafka behave better, or that would. Each is read at one place in the
/// machines; a scenario takes one out with `without` and puts one in with `with`, by its name.
public enum Fix: Int, CaseIterable, Sendable {
    case preVote
    case lastKnownLeaderIsActive
    case elrKeepsRemoved
    case checkQuorum
    case votedKeyKept
    case flushBeforeFetch
    case highWatermarkPastEpochStart
    case leaderWithoutAddress
    case endQuorumEpochKills
    case replacedDiskDies
    case observerBusyPolls
    case removedLeaderStops
    case controlRecordsReread
    case flushedAfterRestart
    case snapshotNamesLastEpoch
    case epochEndNamesEpoch
    case leaderEpochs
    case recoveryPointOnlyFlushed
    case epochFileFlushed
    case oldDuplicateIsDuplicate
    case deduplicatesFiveBatches
    case producersOutliveRecords
    case markersKeepProducersAlive
    case highWatermarkNotBelowLogStart
    case epochZeroRecovered
    case emptyEpochTruncated
    case transactionsVerified
    case lowestUnverifiedSequence
    case firstSequenceIsZero
    case abortedIndexLSO
    case lsoBelowLogStart
    case flushAfterTruncation
    case snapshotUnreplicated
    case emptiedMarkerEpoch
    case zeroLengthSegment
    case corruptMarkerLoad
    case staleELRIndex
    case staleDirectoryIndex
    case minISRNotANumber
    case replacedReassignment
    case unregisteredInELR
    case allDirectoriesLost
    case replicationFactorOfAny
    case fenceOneBrokerAtATime
    case requestsFromAheadOfController
    case sequenceOrderedRetries
    case epochBumpOnUnknownProducer
    case sortedRenumbering
    case idlePartitionsTakeNewEpoch
    case identityOrderedBatches
    case bufferHeldInFlight
    case epochExhaustedSendsUnnumbered
    case sequenceWrap
    case sendOutsideTransaction
    case abortAfterFailedInit
    case headOfLineNode
    case firstAttemptExpiry
    case idlePartitionQueue

    /// What scenario files call it: its KIP, its JIRA, or the name under which the bug is known.
    public var name: String {
        switch self {
        case .preVote: "KIP-996"
        case .lastKnownLeaderIsActive: "KAFKA-19522"
        case .elrKeepsRemoved: "elr-keeps-removed"
        case .checkQuorum: "KAFKA-15489"
        case .votedKeyKept: "voted-key-kept"
        case .flushBeforeFetch: "KAFKA-10533"
        case .highWatermarkPastEpochStart: "KAFKA-12619"
        case .leaderWithoutAddress: "leader-without-address"
        case .endQuorumEpochKills: "end-quorum-epoch-kills"
        case .replacedDiskDies: "replaced-disk-dies"
        case .observerBusyPolls: "observer-busy-polls"
        case .removedLeaderStops: "removed-leader-stops"
        case .controlRecordsReread: "control-records-not-reread"
        case .flushedAfterRestart: "unflushed-after-restart"
        case .snapshotNamesLastEpoch: "epoch-lost-behind-snapshot"
        case .leaderEpochs: "KIP-101"
        case .recoveryPointOnlyFlushed: "KAFKA-10101"
        case .epochFileFlushed: "KAFKA-16541"
        case .oldDuplicateIsDuplicate: "KAFKA-9199"
        case .epochEndNamesEpoch: "KIP-279"
        case .deduplicatesFiveBatches: "KAFKA-5494"
        case .producersOutliveRecords: "KIP-360"
        case .markersKeepProducersAlive: "KAFKA-9144"
        case .highWatermarkNotBelowLogStart: "KAFKA-9491"
        case .epochZeroRecovered: "KAFKA-10432"
        case .emptyEpochTruncated: "KAFKA-10706"
        case .transactionsVerified: "KIP-890"
        case .lowestUnverifiedSequence: "KAFKA-14920"
        case .firstSequenceIsZero: "KAFKA-15591"
        case .abortedIndexLSO: "aborted-index-lso"
        case .lsoBelowLogStart: "lso-below-log-start"
        case .flushAfterTruncation: "flush-after-truncation"
        case .snapshotUnreplicated: "snapshot-forgets-unreplicated"
        case .emptiedMarkerEpoch: "emptied-marker-loses-epoch"
        case .zeroLengthSegment: "zero-length-segment"
        case .corruptMarkerLoad: "corrupt-marker-load"
        case .staleELRIndex: "stale-elr-index"
        case .staleDirectoryIndex: "stale-directory-index"
        case .minISRNotANumber: "min-isr-not-a-number"
        case .replacedReassignment: "replaced-reassignment"
        case .unregisteredInELR: "unregistered-in-elr"
        case .allDirectoriesLost: "all-dirs-lost"
        case .replicationFactorOfAny: "replication-factor-of-any"
        case .fenceOneBrokerAtATime: "KAFKA-13173"
        case .requestsFromAheadOfController: "KAFKA-14154"
        case .sequenceOrderedRetries: "KAFKA-5494-retry-order"
        case .epochBumpOnUnknownProducer: "KIP-360-epoch-bump"
        case .sortedRenumbering: "KAFKA-8484"
        case .idlePartitionsTakeNewEpoch: "KAFKA-12152"
        case .identityOrderedBatches: "KAFKA-13794"
        case .bufferHeldInFlight: "KAFKA-19012"
        case .epochExhaustedSendsUnnumbered: "epoch-exhausted-sends-unnumbered"
        case .sequenceWrap: "sequence-wrap"
        case .sendOutsideTransaction: "send-outside-transaction"
        case .abortAfterFailedInit: "abort-after-failed-init"
        case .headOfLineNode: "head-of-line-node"
        case .firstAttemptExpiry: "first-attempt-expiry"
        case .idlePartitionQueue: "idle-partition-queue"
        }
    }

    /// The first version that has it; nil for a bug that Kafka 4.3.1 still has.
    public var since: KafkaVersion? {
        switch self {
        case .preVote: KafkaVersion(4, 0)
        case .lastKnownLeaderIsActive: KafkaVersion(4, 1)
        case .elrKeepsRemoved: nil
        case .checkQuorum: KafkaVersion(3, 7)
        case .votedKeyKept: KafkaVersion(4, 0)
        case .flushBeforeFetch: KafkaVersion(2, 8)
        case .highWatermarkPastEpochStart: KafkaVersion(2, 8)
        case .leaderWithoutAddress, .endQuorumEpochKills, .replacedDiskDies, .observerBusyPolls,
            .removedLeaderStops, .controlRecordsReread, .flushedAfterRestart,
            .snapshotNamesLastEpoch:
            nil
        case .leaderEpochs: KafkaVersion(0, 11)
        case .recoveryPointOnlyFlushed: KafkaVersion(2, 8)
        case .epochFileFlushed: KafkaVersion(0, 11)
        case .oldDuplicateIsDuplicate: nil
        case .epochEndNamesEpoch: KafkaVersion(2, 0)
        case .deduplicatesFiveBatches: KafkaVersion(1, 0)
        case .producersOutliveRecords: KafkaVersion(2, 5)
        case .markersKeepProducersAlive: KafkaVersion(2, 6)
        case .highWatermarkNotBelowLogStart: KafkaVersion(2, 5)
        case .epochZeroRecovered: KafkaVersion(2, 7)
        case .emptyEpochTruncated: KafkaVersion(2, 8)
        case .transactionsVerified: KafkaVersion(3, 6)
        case .lowestUnverifiedSequence: KafkaVersion(3, 6)
        case .firstSequenceIsZero: nil
        case .abortedIndexLSO: nil
        case .lsoBelowLogStart: nil
        case .flushAfterTruncation: nil
        case .snapshotUnreplicated: nil
        case .emptiedMarkerEpoch: nil
        case .zeroLengthSegment: nil
        case .corruptMarkerLoad: nil
        case .staleELRIndex: nil
        case .staleDirectoryIndex: nil
        case .minISRNotANumber: nil
        case .replacedReassignment: nil
        case .unregisteredInELR: nil
        case .allDirectoriesLost: nil
        case .replicationFactorOfAny: nil
        case .fenceOneBrokerAtATime: KafkaVersion(3, 0)
        case .requestsFromAheadOfController: KafkaVersion(3, 3)
        case .sequenceOrderedRetries: KafkaVersion(1, 0)
        case .epochBumpOnUnknownProducer: KafkaVersion(2, 5)
        case .sortedRenumbering: KafkaVersion(2, 4)
        case .idlePartitionsTakeNewEpoch: KafkaVersion(2, 8)
        case .identityOrderedBatches: KafkaVersion(3, 3)
        case .bufferHeldInFlight: KafkaVersion(4, 2)
        case .epochExhaustedSendsUnnumbered: nil
        case .sequenceWrap: nil
        case .sendOutsideTransaction: nil
        case .abortAfterFailedInit: nil
        case .headOfLineNode: nil
        case .firstAttemptExpiry: nil
        case .idlePartitionQueue: nil
        }
    }

    /// What happens without it, in one line.
    public var without: String {
        switch self {
        case .preVote:
            "a voter that was cut off comes back with a higher epoch and unseats the leader"
        case .lastKnownLeaderIsActive:
            "a fenced broker is elected because it was the last known leader"
        case .elrKeepsRemoved:
            "a replica that was reassigned away stays eligible and blocks elections"
        case .checkQuorum: "a leader that nobody fetches from goes on as if it led"
        case .votedKeyKept:
            "a voter forgets its vote when it learns of a leader and votes again in that epoch"
        case .flushBeforeFetch: "voters acknowledge records that are not on disk yet"
        case .highWatermarkPastEpochStart:
            "a new leader commits old records without one of its own epoch"
        case .leaderWithoutAddress:
            "a node that knows who leads but not where dies of that leader's answer"
        case .endQuorumEpochKills:
            "EndQuorumEpoch kills a voter that knows no address of the leader"
        case .replacedDiskDies:
            "a node with a new disk dies of any answer that still names it leader"
        case .observerBusyPolls: "an observer whose timer has run out spins"
        case .removedLeaderStops: "a leader that has removed itself stops without handing over"
        case .snapshotNamesLastEpoch:
            "a log cut back to a snapshot after a restart forgets its epochs, and the process dies"
        case .flushedAfterRestart:
            "a voter killed while it flushed acknowledges, once back, what its disk may not have"
        case .controlRecordsReread:
            "a voter set written anew under an offset that was read before is missed"
        case .leaderEpochs:
            "batches carry no leader epoch, and replicas truncate to their high watermark"
        case .recoveryPointOnlyFlushed:
            "what recovery has read counts as flushed, and is not read again after a power loss"
        case .epochFileFlushed:
            "a power loss may take the file of leader epochs after a truncation (only 3.7 was so)"
        case .oldDuplicateIsDuplicate:
            "a retry older than the remembered batches is out of order, not a duplicate"
        case .epochEndNamesEpoch:
            "a leader answers for an epoch it never saw with the end of a later one"
        case .deduplicatesFiveBatches:
            "a broker remembers only the last batch of a producer: earlier retries are refused"
        case .producersOutliveRecords:
            "producers are forgotten with their records, and their next batch is refused"
        case .markersKeepProducersAlive: "markers do not keep a producer from expiring"
        case .highWatermarkNotBelowLogStart:
            "a log that starts anew further on keeps a high watermark below its start"
        case .epochZeroRecovered: "recovery leaves leader epoch 0 out"
        case .emptyEpochTruncated:
            "truncation to the end keeps the epoch of a leadership that wrote nothing"
        case .transactionsVerified: "transactional batches are taken without asking the coordinator"
        case .lowestUnverifiedSequence:
            "a batch may be appended before an earlier one that is still verified"
        case .firstSequenceIsZero:
            "a first batch is taken whatever its sequence, and earlier ones never fit again"
        case .abortedIndexLSO:
            "readers of committed records are given aborted ones by a former follower"
        case .lsoBelowLogStart: "offsets looked up move back to the start of their batch"
        case .flushAfterTruncation:
            "a roll's late flush counts what was written after a truncation as flushed"
        case .snapshotUnreplicated:
            "after a restart committed reads pass a marker that is not replicated"
        case .emptiedMarkerEpoch:
            "a fenced producer is taken again after its emptied marker was read back"
        case .zeroLengthSegment: "a segment that a power loss emptied hides what was lost before it"
        case .corruptMarkerLoad:
            "a corrupt marker before an empty new segment keeps the log from loading"
        case .staleELRIndex:
            "eligible leaders cleared, topic deleted: every active controller resigns in turn"
        case .staleDirectoryIndex:
            "losing a directory that held a topic, now deleted, makes controllers resign"
        case .minISRNotANumber:
            "min.insync.replicas may be set to no number, and then no ISR can change"
        case .replacedReassignment:
            "a reassignment that replaces another inherits its lists, and ends wrongly"
        case .unregisteredInELR:
            "a broker that was unregistered counts as eligible leader"
        case .allDirectoriesLost:
            "a broker that has lost all its directories keeps them, and may lead again"
        case .replicationFactorOfAny:
            "a new partition gets as many replicas as an arbitrary one has"
        case .fenceOneBrokerAtATime:
            "of brokers that go stale together one may be elected while it is fenced"
        case .requestsFromAheadOfController:
            "a controller that lags behind fences a leader whose epoch it does not know yet"
        case .sequenceOrderedRetries:
            "of several batches that failed the last one is retried first, out of order"
        case .epochBumpOnUnknownProducer:
            "sequences begin anew under the same epoch, so a retry may be written twice"
        case .sortedRenumbering:
            "batches in flight get new sequences in the order of a heap, so records change places"
        case .idlePartitionsTakeNewEpoch:
            "a partition that was idle when the epoch rose keeps its old sequence and is refused"
        case .identityOrderedBatches:
            "a batch that completes is taken for one of another epoch with the same sequence"
        case .bufferHeldInFlight:
            "memory of an expired batch is used again while the network still sends it"
        case .epochExhaustedSendsUnnumbered:
            "after the last epoch a retried batch leaves without producer id"
        case .sequenceWrap:
            "around the last sequence a retry of sequence 0 goes first and is refused"
        case .sendOutsideTransaction:
            "the call throws, but its record stays and joins the next transaction"
        case .abortAfterFailedInit: "the end of a transaction that never was hits the next one"
        case .headOfLineNode: "one blocked partition blocks all partitions of its node"
        case .firstAttemptExpiry:
            "a batch that expires at its first attempt leaves a gap that nobody sees"
        case .idlePartitionQueue:
            "an idle partition seems to have the queue of one that was left out"
        }
    }
}

/// The set of fixes in force: how Kafka behaves in this world. By default as 4.3.1 does, with the
/// bugs that it still has.
public struct Generation: Equatable, Sendable {
    private var bits: (UInt64, UInt64)

    public static let current = Generation(KafkaVersion(4, 3))

    /// How Kafka behaved in that version.
    public init(_ version: KafkaVersion) {
        bits = (0, 0)
        for fix in Fix.allCases {
            if let since = fix.since, since <= version { insert(fix) }
        }
    }

    @inline(__always)
    public func has(_ fix: Fix) -> Bool {
        let index = fix.rawValue
        return (index < 64 ? bits.0 >> UInt64(index) : bits.1 >> UInt64(index - 64)) & 1 == 1
    }

    public mutating func insert(_ fix: Fix) {
        if fix.rawValue < 64 {
            bits.0 |= 1 << UInt64(fix.rawValue)
        } else {
            bits.1 |= 1 << UInt64(fix.rawValue - 64)
        }
    }

    public mutating func remove(_ fix: Fix) {
        if fix.rawValue < 64 {
            bits.0 &= ~(1 << UInt64(fix.rawValue))
        } else {
            bits.1 &= ~(1 << UInt64(fix.rawValue - 64))
        }
    }

    public static func == (left: Generation, right: Generation) -> Bool { left.bits == right.bits }

}
