/// Fixes of the consumer.
extension Fix {
    static let consumerFacts: [Facts] = [
        Facts(
            .consumerValidatesPositions, "KIP-320-consumer", since: KafkaVersion(2, 3),
            without:
                "after a truncation a consumer goes on at its offset, in records it has not seen"),
        Facts(
            .unexpectedErrorDropsRecords, "unexpected-error-drops-records", since: nil,
            without:
                "an unexpected error of one partition drops the records already taken of others"),
        Facts(
            .negativeLag, "negative-lag", since: nil,
            without: "looking up the beginning of a log makes the lag negative"),
        Facts(
            .pausedBusyLoop, "paused-busy-loop", since: nil,
            without: "with records of a paused partition waiting, a poll never sleeps"),
        Facts(
            .autoCommitNoBackoff, "auto-commit-no-backoff", since: nil,
            without: "an automatic commit that failed is tried again only after its interval"),
        Facts(
            .pollZeroThrowsTwice, "poll-zero-throws-twice", since: nil,
            without: "an error of a position is thrown twice by polls that do not wait"),
        Facts(
            .validationAnswersDiscarded, "validation-answers-discarded", since: nil,
            without:
                "a partition that has gone spoils the validation of others until a timeout"),
        Facts(
            .validationComparesEpochs, "validation-ignores-epoch", since: nil,
            without:
                "a consumer hears of another epoch than its own, and takes its position for good"),
    ]
}
