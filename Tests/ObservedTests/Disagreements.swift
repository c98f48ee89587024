/// Where the simulated cluster does not do as the real one did, and why.
enum Disagreements {
    private static let groups = "consumer groups are not simulated"
    private static let transactions = "transactions are not simulated"

    private static let together =
        "a follower that looks after its log a moment after its leader finds a new record in its "
        + "last segment, and keeps it whole; here all look in the same moment, before that record"

    private static let even =
        "messages take the same time in every run here, so that what is under way at once is alike"

    private static let endless =
        "they send until the story is over, and that is at the same time in every run here"

    private static let ready = "a consumer takes no time to start here"

    private static let busy =
        "the real controller gave up once, which nothing in the story is a reason for"

    private static let phases =
        "all runs here have the same past, in which it is settled when in the next seconds each "
        + "broker is heard of, and whom a client asks about the cluster"

    private static let threads =
        "what has come while a process was paused is worked off in that order here, and in no "
        + "time; in the real one the threads that do so race each other"

    /// Stories with steps that have no words in the scenario language.
    static let untold: [String: String] = [
        "01-new-partition-classic-latest-misses": groups,
        "01-new-partition-consumer-latest-misses": groups,
        "10-truncation-committed-offset": groups,
        "13-aborted-read-as-committed": transactions,
        "13-aborted-read-as-committed-default-settings": transactions,
        "13-leaderless-marker": transactions,
        "13-leaderless-marker-then-abort": transactions,
        "13-send-outside-transaction-tv1": transactions,
        "13-send-outside-transaction-tv2": transactions,
    ]

    /// Facts of which nothing here can say whether they hold: those stories agree as far as they
    /// are judged, and no further.
    static let unjudged: [String: [String]] = [
        "06-quorum-lost": ["group-join-without-quorum", "commit-without-quorum"],
        "12-rolling-restart": [
            "balanced", "c1.callbacks", "c1.callback-kinds", "c2.callbacks", "c2.callback-kinds",
            "group.duplicates", "group.missed",
        ],
    ]

    /// By story and fact (or step that never comes).
    static let known: [String: [String: String]] = [
        "09-retention-by-time": ["replicas-identical.orders-0": together],
    ]

    /// What luck decides, here and there, and what it seldom decides otherwise than in the three
    /// runs: in at most one of fifty seeds.
    static let rare: [String: [String: String]] = [
        "03-leader-moves-no-idempotence-in-flight-1": [
            "p1.duplicated":
                "each of four moves repeats one record if it comes before the answer, which eight "
                + "of the twelve real ones did: in one of a hundred runs none of the four does",
        ],
        "04-controlled-shutdown": [
            "p2.acked-lost":
                "who does not wait for followers loses the record that the leader takes when the "
                + "others have heard of the next leader, and it has not yet: half a millisecond",
        ],
        "12-many-faults": [
            "p2.acks-in-send-order-per-partition":
                "batches that are refused together are sent anew one by one, in the order in which "
                + "the answers come, and that may be the right one"
        ],
        "13-stale-elr-index": [
            "create-topic-meanwhile":
                "the controller resigns again and again; if it does so between making the topic "
                + "and saying so, the broker that asked asks the next one, which has the topic",
        ],
    ]

    /// Stories in which the order of things is told, and not judged.
    static let unordered: [String: String] = [
        "04-controlled-shutdown": phases,
        "04-last-replica-elr-acks-1-lost": phases,
        "04-last-replica-killed-elr-off": phases,
        "04-last-replica-killed-elr-on": phases,
        "04-preferred-election": phases,
        "04-unclean-off": phases,
        "04-unclean-on": phases,
        "04-unclean-on-later": phases,
        "10-truncation-longer": phases,
        "10-truncation-shorter": phases,
        "04-zombie-leader-cut-from-cluster": threads,
        "04-zombie-leader-cut-from-controllers-only": threads,
        "04-zombie-leader-paused": threads,
        "04-zombie-leader-paused-short-request-timeout": threads,
    ]

    /// What the real cluster was seen to do, and none of two hundred runs does.
    static let unseen: [String: [String: String]] = [
        "01-order-ten-partitions": ["p1 acked before c1 resets after step 4": ready],
        "03-leader-moves-no-idempotence-in-flight-1": [
            "orders-0 leader=2 epoch=1 isr=[1,2,3] before p1 acked after step 5":
                "a record is acknowledged every few milliseconds, and one more before the "
                + "administrator's order has come to the controller"
        ],
        "05-slow-follower-paused-lag": ["p2 acked before c1 resets after step 5": ready],
        "12-many-faults": [
            "unfences broker=2 before p2 acked after step 8": threads,
            "unfences broker=2 before broker=2 starts-following orders-0 2 after step 8": threads,
            "unfences broker=2 before broker=2 truncates orders-0 after step 8": threads,
            "orders-0 leader=1 epoch=2 isr=[1,2,3] before p1 acked after step 8": threads,
            "p1 acked before broker=1 wants-isr orders-0 after step 10": threads,
            "p2 acked before broker=1 wants-isr orders-0 after step 10": threads,
        ],
        "12-rolling-restart": [
            "c2 resets before c1 resets after step 4":
                "a group gave them their partitions there, and the first to join waited longest",
            "fences broker=3 before controller after step 15": busy,
            "c1 got before controller after step 15": busy,
            "c2 got before controller after step 15": busy,
        ],
    ]

    /// What differed between the real runs and is always the same here.
    static let steady: [String: [String: String]] = [
        "01-order-ten-partitions": ["partitions-used": even],
        "03-leader-killed-no-idempotence-in-flight-5": [
            "p1.acks-in-send-order-per-partition": even, "p1.at-other-offset-than-acked": even,
            "p1.duplicated-count": even, "p1.reordered": even,
        ],
        "04-controlled-shutdown": [
            "order": even, "p2.acks-in-send-order-per-partition": even, "p2.reordered": even,
        ],
        "04-zombie-leader-cut-from-controllers-only": ["p1.acked-lost-count": even],
        "04-zombie-leader-paused": ["order": even, "p1.acked-lost-count": even],
        "04-zombie-leader-paused-short-request-timeout": ["order": even],
        "06-controller-leader-dies": ["quorum-epoch-steps": even],
        "12-many-faults": [
            "p1.acked": endless, "p1.sent": endless, "p2.acked": endless, "p2.sent": endless,
        ],
        "12-rolling-restart": ["p1.acked": endless, "p1.sent": endless],
    ]
}
