/// Fixes of the producer.
extension Fix {
    static let producerFacts: [Facts] = [
        Facts(
            .idempotentByDefault, "KIP-679", since: KafkaVersion(3, 0),
            without: "acks is 1 and batches carry no sequences unless a program asks for it"),
        Facts(
            .retriesByDefault, "KIP-91", since: KafkaVersion(2, 1),
            without: "nothing is sent a second time unless a program asks for it"),
        Facts(
            .severalInFlight, "KAFKA-5494-in-flight", since: KafkaVersion(1, 0),
            without: "an idempotent producer has one request in flight, and may not have more"),
        Facts(
            .sequencesCountedWhenSent, "KAFKA-5494-sequences", since: KafkaVersion(1, 0),
            without: "batches in flight together have one sequence: the later ones are duplicates"),
        Facts(
            .unresolvedAwaited, "KAFKA-5494-unresolved", since: KafkaVersion(1, 0),
            without: "a retry that expires costs the identity, under batches that are in flight"),
        Facts(
            .bumpAwaitsOthers, "KAFKA-14034", since: nil,
            without:
                "a batch fails for good, and others in flight that may be written are sent anew"),
        Facts(
            .sequenceOrderedRetries, "KAFKA-5494-retry-order", since: KafkaVersion(1, 0),
            without: "of several batches that failed the last one is retried first, out of order"),
        Facts(
            .epochBumpOnUnknownProducer, "KIP-360-epoch-bump", since: KafkaVersion(2, 5),
            without: "sequences begin anew under the same epoch, so a retry may be written twice"),
        Facts(
            .sortedRenumbering, "KAFKA-8484", since: KafkaVersion(2, 3),
            without:
                "batches in flight are renumbered in the order of a heap: records change places"),
        Facts(
            .idlePartitionsTakeNewEpoch, "KAFKA-12152", since: KafkaVersion(2, 7),
            without:
                "a partition idle when the epoch rose keeps its old sequence and is refused"),
        Facts(
            .identityOrderedBatches, "KAFKA-13794", since: KafkaVersion(3, 1),
            without:
                "a batch that completes is taken for one of another epoch with the same sequence"),
        Facts(
            .bufferHeldInFlight, "KAFKA-19012", since: .first,
            absentIn: KafkaVersion(2, 8)...KafkaVersion(4, 0),
            without: "memory of an expired batch is used again while the network still sends it"),
        Facts(
            .epochExhaustedSendsUnnumbered, "epoch-exhausted-sends-unnumbered", since: nil,
            without: "after the last epoch a retried batch leaves without producer id"),
        Facts(
            .sequenceWrap, "sequence-wrap", since: nil,
            without: "around the last sequence a retry of sequence 0 goes first and is refused"),
        Facts(
            .sendOutsideTransaction, "send-outside-transaction", since: nil,
            without: "the call throws, but its record stays and joins the next transaction"),
        Facts(
            .abortAfterFailedInit, "abort-after-failed-init", since: nil,
            without: "the end of a transaction that never was hits the next one"),
        Facts(
            .headOfLineNode, "head-of-line-node", since: nil,
            without: "one blocked partition blocks all partitions of its node"),
        Facts(
            .firstAttemptExpiry, "first-attempt-expiry", since: nil,
            without: "a batch that expires at its first attempt leaves a gap that nobody sees"),
        Facts(
            .idlePartitionQueue, "idle-partition-queue", since: nil,
            without: "an idle partition seems to have the queue of one that was left out"),
        Facts(
            .rebootstrapForgetsEpochs, "rebootstrap-forgets-epochs", since: nil,
            without: "a client that begins anew with its first addresses believes older epochs"),
    ]
}
