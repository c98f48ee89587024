/// Fixes of a partition's leader.
extension Fix {
    static let replicationFacts: [Facts] = [
        Facts(
            .leaderEpochFencing, "KIP-320", since: KafkaVersion(2, 1),
            without:
                "whoever asks a leader of another epoch than it means is answered all the same"),
        Facts(
            .joinsPastEpochStart, "KAFKA-7128", since: KafkaVersion(2, 0),
            without:
                "a follower joins the ISR without records that the leader before had committed"),
        Facts(
            .maximalISR, "KIP-497", since: KafkaVersion(2, 7),
            without:
                "a leader takes the ISR that it wishes for as what is, whatever is decided"),
        Facts(
            .brokerEpochsInISR, "KIP-903", since: KafkaVersion(3, 5),
            without: "fetches of a follower's earlier life bring it into the ISR"),
        Facts(
            .expansionRechecked, "KAFKA-15221", since: KafkaVersion(3, 7),
            without: "a follower is proposed for the ISR for what it was a moment ago"),
        Facts(
            .strictMinISR, "KIP-966", since: KafkaVersion(3, 7),
            without:
                "the high watermark moves while the ISR is smaller than min.insync.replicas"),
        Facts(
            .divergingFetchIsNoProgress, "KAFKA-13141", since: KafkaVersion(2, 7),
            without: "a follower that is told to truncate counts as having what it must give up"),
        Facts(
            .latestNotBeforeEpochStart, "KIP-207", since: KafkaVersion(2, 2),
            without: "after an election the latest offset may be smaller than it was"),
        Facts(
            .eligibleHoldHighWatermark, "KAFKA-15021", since: KafkaVersion(3, 6),
            without: "the high watermark waits for a follower that shuts down"),
        Facts(
            .followerUpdateRechecked, "KAFKA-15590", since: nil,
            without: "a fetch of an earlier leader epoch counts as progress in a later one"),
        Facts(
            .demotionWakesDeleteRecords, "waiting-delete-records", since: nil,
            without: "a demoted leader leaves DeleteRecords waiting for its timeout"),
        Facts(
            .updatesAreNoElections, "KAFKA-13790", since: .first,
            absentIn: KafkaVersion(2, 8)...KafkaVersion(3, 2),
            without:
                "a leader takes each update of its partition, even an old one, for an election"),
        Facts(
            .pendingISRKept, "late-metadata-drops-pending-isr", since: nil,
            without:
                "a leader that hears late what it knows already forgets whom it wants in the ISR"),
        Facts(
            .unregisteredBeginsNoEpoch, "unregistered-leader-begins-epoch", since: nil,
            without:
                "a broker that starts again dates the epoch that it led anew, where its log ends"),
    ]
}
