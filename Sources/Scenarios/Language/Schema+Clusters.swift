extension Schema {
    static let topic = Table(
        "topic", title: "[topic.…]", hasDottedNames: true,
        synonyms: [
            ("assignments", "replicas"), ("assignment", "replicas"),
            ("replication-factor", "replication.factor"), ("partition", "partitions"),
        ],
        keys: [
            Key("partitions", "an integer", or: "1", "how many"),
            Key(
                "replication.factor", "an integer", or: "as Kafka: default.replication.factor",
                "replicas of each"),
            Key(
                "replicas", "a list of lists of brokers",
                "by partition, the first leads: [[1, 2, 3], [2, 3, 1]]"),
        ])

    /// What is sent: the same in a producer's table and in a step.
    static let sending = [
        Key("partition", "an integer", or: "as key and partitioner say", "where to"),
        Key("records", "an integer", "how many in all; without end if absent"),
        Key("every", "a duration", or: "\"0s\": all at once", "how often"),
        Key("at-once", "an integer", or: "1", "this many each time"),
        Key(
            "keys", "a list of texts, or \"K0..K99\"", or: "[]",
            "taken in turn; without them records have none"),
        Key("values", "a list of texts", "taken in turn; without them each says its number"),
        Key("value-size", "a size", or: "\"10B\"", "of values that say their number"),
        Key("tombstone", "true or false", or: "false", "records without value"),
        Key(
            "awaits", "true or false", or: "false",
            "the next is sent when all before it have been answered"),
    ]

    /// What all programs around clients have.
    private static let programs = [
        Key("from", "a duration", or: "\"0s\"", "when the program starts"),
        Key("waits", "true or false", or: "false", "it does not start by itself: a step does it"),
        Key("bootstrap", "brokers", or: "all of them", "whom it asks first"),
        Key("clock-ahead", "a duration", or: "\"0s\"", "of the world's clock"),
    ]

    static let producer = Table(
        "producer", title: "[producer.…]", hasDottedNames: true,
        synonyms: [
            ("to", "topic"), ("rate", "every"), ("count", "records"), ("interval", "every"),
            ("burst", "at-once"), ("key", "keys"), ("value", "values"), ("size", "value-size"),
        ],
        keys: [
            Key(
                "topic", "a topic or a partition",
                "what it writes by itself; without it only what steps have it send"),
            Key("until", "a duration", "when it stops sending; with the run if absent"),
            Key("first-epoch", "an integer", or: "0", "that an idempotent producer begins with"),
            Key(
                "first-sequence", "an integer", or: "0",
                "that it begins with in each partition, as if it had written so many records"),
        ] + sending + programs)

    static let consumer = Table(
        "consumer", title: "[consumer.…]", hasDottedNames: true,
        synonyms: [
            ("topic", "assign"), ("topics", "assign"), ("partitions", "assign"),
            ("partition", "assign"),
        ],
        keys: [
            Key("assign", "a list of topics and partitions", "what it reads"),
            Key(
                "subscribe", "a list of topics",
                "what its group is to divide among its members: groups are not simulated yet"),
            Key("work", "a duration", or: "\"0s\"", "on what one poll has given it"),
            Key("poll", "a duration", or: "\"1s\"", "how long a poll waits for records"),
        ] + programs)

    /// `[broker.2]`, `[controller.1]`.
    static let broker = Table(
        "broker", title: "[broker.…]", hasDottedNames: true,
        synonyms: [("rack", "broker.rack"), ("log.dirs", "directories")],
        keys: nodeKeys + [
            Key("directories", "an integer", or: "1", "how many log directories it has (JBOD)")
        ])
    static let controller = Table(
        "controller", title: "[controller.…]", hasDottedNames: true, keys: nodeKeys)

    private static let nodeKeys = [
        Key("waits", "true or false", or: "false", "it does not start by itself: a step does it"),
        Key("clock-ahead", "a duration", or: "\"0s\"", "of the world's clock"),
    ]
}

// MARK: - Steps

extension Schema {
    static let clientVerbs = [
        Verb(
            "send", "producers", with: ["to", "until"] + sending.map(\.name),
            "they send records, besides what they send already"),
        Verb("flush", "producers", "they wait for everything that they have sent"),
        Verb("close", "clients", "the programs end in order"),
        Verb(
            "seek", "consumers", with: ["of", "offset"],
            "they read on from another place"),
        Verb("assign", "consumers", with: ["of"], "they read other partitions from now on"),
        Verb(
            "mute", "consumers", with: ["of"],
            "their programs pause partitions: what has been fetched of them waits"),
        Verb("unmute", "consumers", with: ["of"], "their programs resume partitions"),
        Verb(
            "look-up", "consumers", with: ["of", "offset"],
            "their programs ask where a log begins or ends"),
    ]

    static let threadVerbs = [
        Verb(
            "hold", "a broker", with: ["point"], isStanding: true,
            "its next thread that comes to this point stops, and everything else goes on"),
    ]

    static let adminVerbs = [
        Verb(
            "create", "a topic",
            with: ["partitions", "replication.factor", "replicas", "through", "tries-for"],
            "an administrator creates it; with settings of topics by their names"),
        Verb("delete-topic", "a topic", "an administrator deletes it"),
        Verb(
            "add-partitions", "a topic", with: ["total", "replicas"],
            "it gets more, up to this total"),
        Verb(
            "reassign", "a partition", with: ["replicas"],
            "it gets other replicas, or \"cancel\" ends that"),
        Verb("elect", "\"preferred\" or \"unclean\"", with: ["of"], "an election (KIP-460)"),
        Verb(
            "prefer", "a broker", with: ["of"],
            "the partition's replicas are put in another order, and it is elected"),
        Verb(
            "configure", "\"topic orders\", \"broker 2\" or \"brokers\"",
            with: ["unset", "through"],
            "dynamic settings, by their names and as an administrator would type them"),
        Verb(
            "describe", "\"topic orders\", \"broker 2\", \"cluster\", \"reassignments\", …",
            "an administrator asks: the answer is in the report and in the trace"),
        Verb("delete-records", "a partition", with: ["before"], "all before that offset"),
        Verb("set-feature", "a feature", with: ["level"], "another level (KIP-584)"),
        Verb("unregister", "a broker", "the cluster forgets it"),
        Verb(
            "mark-clean", "a broker that is down",
            "somebody puts the marker of a clean stop on its disk"),
    ]

    static let clusterVerbs = (clientVerbs + threadVerbs + adminVerbs).map(\.name)

    /// Keys of those verbs.
    static let clusterStepKeys =
        sending + [
            Key("to", "a topic or a partition", "where records go"),
            Key("until", "a duration", "when it stops sending; with the run if absent"),
            Key("of", "a topic or a partition", or: "all", "which"),
            Key("point", "\"noting\" or \"joining\"", "before what a held thread stops"),
            Key(
                "offset", "an integer, \"beginning\" or \"end\"", "where a consumer reads on"),
            Key("partitions", "an integer", or: "1", "of the new topic"),
            Key("replication.factor", "an integer", or: "as Kafka", "replicas of each"),
            Key(
                "replicas", "a list of lists of brokers", or: "the controller places them",
                "by new partition; of one partition a list of brokers, or \"cancel\""),
            Key("total", "an integer", "how many partitions there are to be"),
            Key("unset", "a list of settings", or: "[]", "that are to have their defaults"),
            Key(
                "through", "\"controllers\" or \"brokers\"",
                or: "\"brokers\" to configure, \"controllers\" to create",
                "whom the administrator asks"),
            Key(
                "tries-for", "a duration", or: "\"60s\"",
                "how long the administrator tries what cannot be done at once"),
            Key("before", "an integer", "the first offset that stays"),
            Key("level", "an integer", "of the feature"),
            Key("error", "the name of an error", "what is answered"),
        ]
}
