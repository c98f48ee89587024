/// Fixes of the controller.
extension Fix {
    static let controllerFacts: [Facts] = [
        Facts(
            .eligibleLeaders, "KIP-966-elr", since: KafkaVersion(4, 1),
            without:
                "clusters are formatted so that only members of the ISR may ever lead"),
        Facts(
            .lastKnownLeaderIsActive, "KAFKA-19522", since: KafkaVersion(4, 1),
            without: "a fenced broker is elected because it was the last known leader"),
        Facts(
            .elrKeepsRemoved, "elr-keeps-removed", since: nil,
            without: "a replica that was reassigned away stays eligible and blocks elections"),
        Facts(
            .staleELRIndex, "stale-elr-index", since: nil,
            without:
                "eligible leaders cleared, topic deleted: every active controller resigns in turn"),
        Facts(
            .staleDirectoryIndex, "stale-directory-index", since: nil,
            without: "losing a directory that held a topic, now deleted, makes controllers resign"),
        Facts(
            .minISRNotANumber, "min-isr-not-a-number", since: nil,
            without: "min.insync.replicas may be set to no number, and then no ISR can change"),
        Facts(
            .replacedReassignment, "replaced-reassignment", since: nil,
            without: "a reassignment that replaces another inherits its lists, and ends wrongly"),
        Facts(
            .unregisteredInELR, "unregistered-in-elr", since: nil,
            without: "a broker that was unregistered counts as eligible leader"),
        Facts(
            .allDirectoriesLost, "all-dirs-lost", since: nil,
            without: "a broker that has lost all its directories keeps them, and may lead again"),
        Facts(
            .staleBrokerRegisters, "late-registration", since: nil,
            without:
                "a dead process's registration comes late, and the live one never gets in again"),
        Facts(
            .replicationFactorOfAny, "replication-factor-of-any", since: nil,
            without: "a new partition gets as many replicas as an arbitrary one has"),
        Facts(
            .fenceOneBrokerAtATime, "KAFKA-13173", since: KafkaVersion(3, 0),
            without: "of brokers that go stale together one may be elected while it is fenced"),
        Facts(
            .requestsFromAheadOfController, "KAFKA-14154", since: KafkaVersion(3, 3),
            without:
                "a controller that lags behind fences a leader whose epoch it does not know yet"),
        Facts(
            .fencedIsFenced, "second-fence-record", since: nil,
            without: "a broker that has stopped in order is fenced again when its session ends"),
        Facts(
            .refusalOutdatesCopies, "late-isr-change", since: nil,
            without:
                "an ISR change is refused, comes once more, late, and then nobody waits for it"),
    ]
}
