/// Fixes of a replica's log.
extension Fix {
    static let logFacts: [Facts] = [
        Facts(
            .epochEndNamesEpoch, "KIP-279", since: KafkaVersion(2, 0),
            without: "a leader answers for an epoch it never saw with the end of a later one"),
        Facts(
            .leaderEpochs, "KIP-101", since: KafkaVersion(0, 11),
            without:
                "batches carry no leader epoch, and replicas truncate to their high watermark"),
        Facts(
            .recoveryPointOnlyFlushed, "KAFKA-10101", since: KafkaVersion(2, 8),
            without:
                "what recovery has read counts as flushed, a power loss notwithstanding"),
        Facts(
            .epochFileFlushed, "KAFKA-16541", since: .first,
            absentIn: KafkaVersion(3, 7)...KafkaVersion(3, 7),
            without:
                "a power loss may take the file of leader epochs after a truncation"),
        Facts(
            .oldDuplicateIsDuplicate, "KAFKA-9199", since: nil,
            without: "a retry older than the remembered batches is out of order, not a duplicate"),
        Facts(
            .deduplicatesFiveBatches, "KAFKA-5494", since: KafkaVersion(1, 0),
            without:
                "brokers remember only the last batch of a producer: earlier retries are refused"),
        Facts(
            .producersOutliveRecords, "KAFKA-7190", since: KafkaVersion(2, 4),
            without: "producers are forgotten with their records"),
        Facts(
            .unknownProducersAccepted, "KIP-360", since: KafkaVersion(2, 5),
            without: "the next batch of a producer that was forgotten is refused"),
        Facts(
            .markersKeepProducersAlive, "KAFKA-9144", since: KafkaVersion(2, 4),
            without: "markers do not keep a producer from expiring"),
        Facts(
            .highWatermarkNotBelowLogStart, "KAFKA-9491", since: KafkaVersion(2, 4),
            without: "a log that starts anew further on keeps a high watermark below its start"),
        Facts(
            .epochZeroRecovered, "KAFKA-10432", since: KafkaVersion(2, 6),
            without: "recovery leaves leader epoch 0 out"),
        Facts(
            .emptyEpochTruncated, "KAFKA-10706", since: KafkaVersion(2, 6),
            without: "truncation to the end keeps the epoch of a leadership that wrote nothing"),
        Facts(
            .transactionsVerified, "KIP-890", since: KafkaVersion(3, 6),
            without: "transactional batches are taken without asking the coordinator"),
        Facts(
            .lowestUnverifiedSequence, "KAFKA-14920", since: KafkaVersion(3, 6),
            without: "a batch may be appended before an earlier one that is still verified"),
        Facts(
            .firstSequenceIsZero, "KAFKA-15591", since: nil,
            without:
                "a first batch is taken whatever its sequence, and earlier ones never fit again"),
        Facts(
            .abortedIndexLSO, "aborted-index-lso", since: nil,
            without: "readers of committed records are given aborted ones by a former follower"),
        Facts(
            .lsoBelowLogStart, "lso-below-log-start", since: nil,
            without: "offsets looked up move back to the start of their batch"),
        Facts(
            .flushAfterTruncation, "flush-after-truncation", since: nil,
            without: "a roll's late flush counts what was written after a truncation as flushed"),
        Facts(
            .snapshotUnreplicated, "snapshot-forgets-unreplicated", since: nil,
            without: "after a restart committed reads pass a marker that is not replicated"),
        Facts(
            .emptiedMarkerEpoch, "emptied-marker-loses-epoch", since: nil,
            without: "a fenced producer is taken again after its emptied marker was read back"),
        Facts(
            .zeroLengthSegment, "zero-length-segment", since: nil,
            without: "a segment that a power loss emptied hides what was lost before it"),
        Facts(
            .corruptMarkerLoad, "corrupt-marker-load", since: nil,
            without: "a corrupt marker before an empty new segment keeps the log from loading"),
    ]
}
