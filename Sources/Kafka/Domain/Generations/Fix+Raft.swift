/// Fixes of the metadata quorum. Those from before its first release, in 2.8, are in every version:
/// who asks for an earlier one, which had no quorum, is not lent bugs that nobody ever ran.
extension Fix {
    static let raftFacts: [Facts] = [
        Facts(
            .preVote, "KIP-996", since: KafkaVersion(4, 0),
            without:
                "a voter that was cut off comes back with a higher epoch and unseats the leader"),
        Facts(
            .checkQuorum, "KAFKA-15489", since: KafkaVersion(3, 7),
            without: "a leader that nobody fetches from goes on as if it led"),
        Facts(
            .votedKeyKept, "voted-key-kept", since: KafkaVersion(4, 0),
            without:
                "a voter forgets its vote when it learns of a leader, and votes again"),
        Facts(
            .flushBeforeFetch, "KAFKA-10533", since: .first,
            without: "voters acknowledge records that are not on disk yet"),
        Facts(
            .highWatermarkPastEpochStart, "KAFKA-12619", since: .first,
            without: "a new leader commits old records without one of its own epoch"),
        Facts(
            .leaderWithoutAddress, "leader-without-address", since: nil,
            without: "a node that hears who leads but not where dies of it"),
        Facts(
            .endQuorumEpochKills, "end-quorum-epoch-kills", since: nil,
            without: "EndQuorumEpoch kills a voter that knows no address of the leader"),
        Facts(
            .replacedDiskDies, "replaced-disk-dies", since: nil,
            without: "a node with a new disk dies of any answer that still names it leader"),
        Facts(
            .observerBusyPolls, "observer-busy-polls", since: nil,
            without: "an observer whose timer has run out spins"),
        Facts(
            .removedLeaderStops, "removed-leader-stops", since: nil,
            without: "a leader that has removed itself stops without handing over"),
        Facts(
            .controlRecordsReread, "control-records-not-reread", since: nil,
            without: "a voter set written anew under an offset that was read before is missed"),
        Facts(
            .flushedAfterRestart, "unflushed-after-restart", since: nil,
            without:
                "a voter killed while it flushed acknowledges what its disk may not have"),
        Facts(
            .snapshotNamesLastEpoch, "epoch-lost-behind-snapshot", since: nil,
            without:
                "a log cut back to a snapshot after a restart has no epochs, and its process dies"),
        Facts(
            .removedVoterAnswers, "removed-voter-kills-leader", since: nil,
            without: "a leader dies when a voter that it has removed answers BeginQuorumEpoch"),
        Facts(
            .lostElectionIsOver, "lost-candidate-stands-again", since: nil,
            without:
                "a voter that lost an election stands for it again when it restarts, and dies"),
    ]
}
