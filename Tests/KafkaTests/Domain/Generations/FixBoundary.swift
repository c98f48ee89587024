@testable import Kafka

/// Where a fix begins, and how that is known. A version counts by the last of its releases, so one
/// that got a fix in a later release has it.
struct FixBoundary: Sendable {
    let fix: Fix
    let releases: [ClosedRange<KafkaVersion>]
    /// Which change it was, and in which release it first is.
    let source: String

    /// `"2.6"`: that and all later ones; `"0.7-3.6 3.8"`: without those between.
    init(_ fix: Fix, _ releases: String, _ source: String) {
        self.fix = fix
        self.releases = releases.split(separator: " ").map { part in
            let ends = part.split(separator: "-").map(KafkaVersion.init(text:))
            return ends[0]...(ends.count > 1 ? ends[1] : KafkaVersion(4, 3))
        }
        self.source = source
    }

    static let all: [FixBoundary] = [
        // The quorum.
        FixBoundary(.preVote, "4.0", "KIP-996 (KAFKA-16164)"),
        FixBoundary(.checkQuorum, "3.7", "PR 14428, in 3.7.0"),
        FixBoundary(.votedKeyKept, "4.0", "QuorumState of 4.0"),
        FixBoundary(.flushBeforeFetch, "0.7", "PR 9352, before the first quorum, in 2.8.0"),
        FixBoundary(
            .highWatermarkPastEpochStart, "0.7", "PR 10481, before the first quorum, in 2.8.0"),

        // Logs.
        FixBoundary(.leaderEpochs, "0.11", "KIP-101 (PR 2808), in 0.11.0.0"),
        FixBoundary(.epochEndNamesEpoch, "2.0", "KAFKA-6361 (PR 4882), in 2.0.0"),
        FixBoundary(.recoveryPointOnlyFlushed, "2.8", "PR 8812, in 2.8.0"),
        FixBoundary(
            .epochFileFlushed, "0.7-3.6 3.8",
            "PR 15993, in 3.8.0; needed since KAFKA-15046 (PR 14242), in 3.7.0"),
        FixBoundary(.deduplicatesFiveBatches, "1.0", "PR 3743, in 1.0.0"),
        FixBoundary(.producersOutliveRecords, "2.4", "PR 7388, in 2.4.0"),
        FixBoundary(.unknownProducersAccepted, "2.5", "ProducerStateManager of 2.5.0, KAFKA-8710"),
        FixBoundary(.markersKeepProducersAlive, "2.4", "PR 7687, in 2.4.1 and 2.5.0"),
        FixBoundary(.highWatermarkNotBelowLogStart, "2.4", "PR 8037, in 2.4.1 and 2.5.0"),
        FixBoundary(.epochZeroRecovered, "2.6", "PR 9219, in 2.6.1 and 2.7.0"),
        FixBoundary(.emptyEpochTruncated, "2.6", "PR 9633, in 2.6.1 and 2.7.0"),
        FixBoundary(.transactionsVerified, "3.6", "KAFKA-14884 (PR 13787), in 3.6.0"),
        FixBoundary(.lowestUnverifiedSequence, "3.6", "PR 14033, in 3.6.0"),

        // Replication.
        FixBoundary(.leaderEpochFencing, "2.1", "KAFKA-7395 (PR 5661), in 2.1.0"),
        FixBoundary(.joinsPastEpochStart, "2.0", "PR 5557, in 2.0.1 and 2.1.0"),
        FixBoundary(.maximalISR, "2.7", "KAFKA-8836 (PR 9100), in 2.7.0"),
        FixBoundary(.brokerEpochsInISR, "3.5", "KAFKA-14617 (PR 13408), in 3.5.0"),
        FixBoundary(.expansionRechecked, "3.7", "PR 14053, in 3.7.0"),
        FixBoundary(.strictMinISR, "3.7", "KAFKA-15583 (PR 14594), in 3.7.0"),
        FixBoundary(.divergingFetchIsNoProgress, "2.7", "PR 11136, in 2.7.2, 2.8.1 and 3.0.0"),
        FixBoundary(.latestNotBeforeEpochStart, "2.2", "KAFKA-2334 (PR 5991), in 2.2.0"),
        FixBoundary(.eligibleHoldHighWatermark, "3.6", "PR 13765, in 3.6.0"),
        FixBoundary(.truncationBeforeHighWatermark, "3.4", "PR 13230, in 3.4.1 and 3.5.0"),
        FixBoundary(
            .updatesAreNoElections, "0.7-2.7 3.3",
            "PR 12085, in 3.3.0; needed since 2.8.0, where brokers follow the metadata log"),

        // The controller.
        FixBoundary(.eligibleLeaders, "4.1", "KIP-966: on in new clusters since 4.1.0"),
        FixBoundary(.lastKnownLeaderIsActive, "4.1", "PR 20200, merged before 4.1.0 came out"),
        FixBoundary(.fenceOneBrokerAtATime, "3.0", "PR 11191, in 3.0.0"),
        FixBoundary(.requestsFromAheadOfController, "3.3", "PR 12514, in 3.3.0"),

        // Producers.
        FixBoundary(
            .idempotentByDefault, "3.0", "KAFKA-13598 (PR 11691), in 3.0.1; KIP-679, in 3.0.0"),
        FixBoundary(.retriesByDefault, "2.1", "KAFKA-5886 (PR 5270), in 2.1.0"),
        FixBoundary(.severalInFlight, "1.0", "PR 3743, in 1.0.0"),
        FixBoundary(.sequencesCountedWhenSent, "1.0", "PR 3743, in 1.0.0"),
        FixBoundary(.unresolvedAwaited, "1.0", "PR 3743, in 1.0.0"),
        FixBoundary(.sequenceOrderedRetries, "1.0", "PR 3743, in 1.0.0"),
        FixBoundary(.epochBumpOnUnknownProducer, "2.5", "KAFKA-8710 (PR 7115), in 2.5.0"),
        FixBoundary(.sortedRenumbering, "2.3", "PR 6883, in 2.3.0"),
        FixBoundary(.idlePartitionsTakeNewEpoch, "2.7", "PR 9832, in 2.7.1 and 2.8.0"),
        FixBoundary(.identityOrderedBatches, "3.1", "PR 12096, in 3.1.1 and 3.2.0"),
        FixBoundary(
            .bufferHeldInFlight, "0.7-2.7 4.1",
            "PR 21065, in 4.1.2 and 4.2.0; harmful since 2.8.0, which no longer copies"),
    ]
}

extension KafkaVersion {
    fileprivate init(text: Substring) {
        let parts = text.split(separator: ".").compactMap { Int($0) }
        self.init(parts[0], parts[1])
    }
}
