/// Fixes of a follower's fetcher.
extension Fix {
    static let fetcherFacts: [Facts] = [
        Facts(
            .truncationOnFetch, "KAFKA-10554", since: KafkaVersion(2, 7),
            without:
                "a follower asks where its epochs end, in a phase of its own, before it fetches"
        ),
        Facts(
            .truncationBeforeHighWatermark, "KAFKA-14704", since: KafkaVersion(3, 4),
            without: "a follower takes the leader's high watermark for what it has yet to give up"),
        Facts(
            .answersOfOneEpoch, "KAFKA-18723", since: KafkaVersion(4, 0),
            without: "a follower appends what was fetched in another leader epoch than its own"),
        Facts(
            .backOffStaysOver, "revived-backoff", since: nil,
            without: "a back-off that was over begins again when the follower truncates"),
    ]
}
