/// A version of Kafka, as far as behaviour goes: `4.3` is the last release whose number begins so.
public struct KafkaVersion: Comparable, Hashable, Sendable {
    public var major: Int
    public var minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Older than any that is told apart here.
    static let first = KafkaVersion(0, 7)

    public static func < (left: KafkaVersion, right: KafkaVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// A change that made Kafka behave better, or that would. Each is read at one place in the
/// machines; a scenario takes one out with `without` and puts one in with `with`, by its name.
///
/// What is known of each stands in a table by machine: `Fix+Raft.swift` and its neighbours.
public enum Fix: Int, CaseIterable, Sendable {
    // The quorum.
    case preVote
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
    case removedVoterAnswers
    case lostElectionIsOver

    // Logs.
    case epochEndNamesEpoch
    case leaderEpochs
    case recoveryPointOnlyFlushed
    case epochFileFlushed
    case oldDuplicateIsDuplicate
    case deduplicatesFiveBatches
    case producersOutliveRecords
    case unknownProducersAccepted
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

    // A partition's leader.
    case leaderEpochFencing
    case joinsPastEpochStart
    case maximalISR
    case brokerEpochsInISR
    case expansionRechecked
    case strictMinISR
    case divergingFetchIsNoProgress
    case latestNotBeforeEpochStart
    case eligibleHoldHighWatermark
    case followerUpdateRechecked
    case demotionWakesDeleteRecords
    case updatesAreNoElections
    case pendingISRKept
    case unregisteredBeginsNoEpoch

    // The controller.
    case eligibleLeaders
    case lastKnownLeaderIsActive
    case elrKeepsRemoved
    case staleELRIndex
    case staleDirectoryIndex
    case minISRNotANumber
    case replacedReassignment
    case unregisteredInELR
    case allDirectoriesLost
    case staleBrokerRegisters
    case replicationFactorOfAny
    case fenceOneBrokerAtATime
    case requestsFromAheadOfController
    case fencedIsFenced
    case refusalOutdatesCopies

    // Followers.
    case truncationOnFetch
    case truncationBeforeHighWatermark
    case answersOfOneEpoch
    case backOffStaysOver

    // Producers.
    case idempotentByDefault
    case retriesByDefault
    case severalInFlight
    case sequencesCountedWhenSent
    case unresolvedAwaited
    case bumpAwaitsOthers
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
    case rebootstrapForgetsEpochs

    // Consumers.
    case consumerValidatesPositions
    case unexpectedErrorDropsRecords
    case negativeLag
    case pausedBusyLoop
    case autoCommitNoBackoff
    case pollZeroThrowsTwice
    case validationAnswersDiscarded
    case validationComparesEpochs
}

extension Fix {
    /// What there is to say of a fix.
    struct Facts: Sendable {
        let fix: Fix
        let name: String
        let since: KafkaVersion?
        let absentIn: ClosedRange<KafkaVersion>?
        let without: String

        init(
            _ fix: Fix, _ name: String, since: KafkaVersion?,
            absentIn: ClosedRange<KafkaVersion>? = nil, without: String
        ) {
            self.fix = fix
            self.name = name
            self.since = since
            self.absentIn = absentIn
            self.without = without
        }
    }

    /// What scenario files call it: its KIP, its JIRA, or the name under which the bug is known.
    public var name: String { facts.name }

    /// The first version that has it; nil for a bug that Kafka 4.3.1 still has. A bug that came
    /// with a later version was none before: then the fix is in the first version there was, and
    /// absent in some.
    public var since: KafkaVersion? { facts.since }

    /// What happens without it, in one line.
    public var without: String { facts.without }

    /// Whether that version has it.
    public func isIn(_ version: KafkaVersion) -> Bool {
        guard let since = facts.since, since <= version else { return false }
        return !(facts.absentIn?.contains(version) ?? false)
    }

    private var facts: Facts { Self.table[rawValue] }

    /// In the order of the cases. A case without facts, or with two, is an error of ours.
    private static let table: [Facts] = {
        let known =
            raftFacts + logFacts + replicationFacts + fetcherFacts + controllerFacts
            + producerFacts + consumerFacts
        return allCases.map { fix in
            let its = known.filter { $0.fix == fix }
            precondition(its.count == 1, "\(fix) has \(its.count) rows in the tables")
            return its[0]
        }
    }()
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
            if fix.isIn(version) { insert(fix) }
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
