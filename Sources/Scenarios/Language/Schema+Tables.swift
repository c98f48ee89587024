extension Schema {
    static let scenario = Table(
        "", title: "a scenario",
        synonyms: [
            ("name", "title"), ("duration", "until"), ("version", "kafka"), ("steps", "step"),
        ],
        keys: [
            Key("title", "a text", "what the scenario shows, in one line"),
            Key("seed", "an integer", or: "1", "what every choice of the run comes from"),
            Key("kafka", "a version", or: "\"4.3\"", "the version whose behaviour is simulated"),
            Key(
                "with", "a list of fixes", or: "[]",
                "fixes that this Kafka has, although it did not"),
            Key("without", "a list of fixes", or: "[]", "fixes that are taken out of this Kafka"),
            Key("until", "a duration", or: "\"60s\"", "when the run ends, in virtual time"),
            Key(
                "calm", "a duration", or: "\"0s\", with chaos a third of the run",
                "at the end of the run: all faults have healed, workloads have stopped"),
            Key(
                "in-order", "true or false", or: "false",
                "each step's trigger counts only once the step before it has fired"),
            Key("cluster", "a table", "the processes and their settings"),
            Key("broker", "tables by number", "settings of single brokers"),
            Key("controller", "tables by number", "settings of single controllers"),
            Key("topic", "tables by name", "topics that are there from the start"),
            Key("producer", "tables by name", "programs that write"),
            Key("consumer", "tables by name", "programs that read"),
            Key("network", "a table", "how links behave while nothing is wrong with them"),
            Key("disk", "a table", "how disks behave while nothing is wrong with them"),
            Key("workload", "a table or several", "who proposes records to the controller"),
            Key("snapshots", "a table", "when nodes write snapshots and clean their logs"),
            Key("step", "several tables", "what happens to the cluster, and when"),
            Key("chaos", "a table", "random faults"),
            Key("expect", "a table", "what must come of the run"),
            Key("fixed", "a table", "what mends it, and what must come of the run then"),
        ])

    static let cluster = Table(
        "cluster", hasDottedNames: true,
        synonyms: [("voters", "controllers"), ("nodes", "controllers")],
        keys: [
            Key(
                "brokers", "an integer", "they host partitions; without them, a bare quorum"),
            Key(
                "combined", "true or false", or: "false",
                "the first brokers are the controllers"),
            Key(
                "controllers", "an integer", or: "3",
                "controllers that vote from the start: 1, 2, …"),
            Key(
                "standbys", "an integer", or: "0",
                "controllers that do not vote until one adds them"),
            Key(
                "observers", "an integer", or: "0",
                "in a bare quorum: they follow the log and never vote"),
            Key(
                "kraft.version", "0 or 1", or: "1",
                "0: fixed voters; 1: voters in the log (KIP-853)"),
        ] + features)

    /// What the cluster is formatted with.
    private static let features = [
        "metadata.version", "transaction.version", "group.version",
        "eligible.leader.replicas.version", "share.version", "streams.version",
    ].map { Key($0, "a level", or: "the newest", "a feature's level (KIP-584)") }

    static let network = Table(
        "network",
        synonyms: [("delay", "latency"), ("links", "link"), ("rate", "bandwidth")],
        keys: [
            Key("latency", "a latency", or: "\"same-rack\"", "how long a message is underway"),
            Key("bandwidth", "a rate", or: "\"1250MB/s\"", "what a host can send"),
            Key(
                "handshake-round-trips", "an integer", or: "2",
                "before a connection carries requests"),
            Key(
                "retransmission-limit", "a duration", or: "\"500ms\"",
                "how long stalled bytes wait at most after a healing"),
            Key(
                "reconnect-backoff", "a duration", or: "\"50ms\"",
                "before connecting again, at first"),
            Key("reconnect-backoff-max", "a duration", or: "\"500ms\"", "and at most"),
            Key("link", "several tables", "links that are not like the others"),
        ])

    static let link = Table(
        "network.link", title: "[[network.link]]",
        keys: [
            Key("between", "two nodes", "\"controller 1, controller 2\""),
            Key("latency", "a latency", "how long a message is underway here"),
        ])

    static let disk = Table(
        "disk", synonyms: [("latency", "flush"), ("fsync", "flush")],
        keys: [
            Key("flush", "a latency", or: "\"solid-state\"", "how long a flush takes"),
            Key(
                "torn-tails", "a share", or: "\"50%\"",
                "of power losses in which the last batch survives in part"),
            Key(
                "unflushed", "\"partly\" or \"wholly\"", or: "\"partly\"",
                "how a power loss takes what replicas have not flushed"),
            Key(
                "empty-files", "true or false", or: "false",
                "a power loss leaves files of which nothing was flushed, with nothing in them"),
        ])

    static let workload = Table(
        "workload",
        synonyms: [("rate", "every"), ("count", "records"), ("interval", "every")],
        keys: [
            Key("every", "a duration", or: "\"10ms\"", "how often the controller proposes a batch"),
            Key("records", "an integer", "how many in all; without end if absent"),
            Key("batch", "an integer", or: "1", "records in a batch"),
            Key("size", "a size", or: "\"100B\"", "of one record"),
            Key("pipelined", "an integer", "keep so many batches uncommitted, at no fixed pace"),
            Key("from", "a duration", or: "\"0s\"", "when it begins"),
            Key("until", "a duration", "when it ends; with the run if absent"),
        ])

    static let snapshots = Table(
        "snapshots",
        keys: [
            Key("every", "an integer", "how many records between two snapshots of a node"),
            Key("size", "a size", or: "\"1MB\"", "of one snapshot"),
        ])

    static let chaos = Table(
        "chaos", synonyms: [("faults", "families"), ("duration", "lasting")],
        keys: [
            Key(
                "families", "a list of families", or: "all but lying-disks",
                "which kinds of faults"),
            Key("among", "a target", or: "\"nodes\"", "whom it strikes"),
            Key("every", "a duration", or: "\"5s\"", "mean time between two faults of a family"),
            Key("lasting", "a duration", or: "\"5s\"", "how long a fault stands at most"),
            Key("from", "a duration", or: "\"0s\"", "when it begins"),
            Key(
                "left-out", "a share", or: "\"30%\"",
                "of the families that each seed goes without"),
            Key(
                "spares-majority", "true or false", or: "false",
                "never more than a minority of the voters, or of a partition's replicas, down"),
        ])

    static let expect = Table(
        "expect", synonyms: expectationSynonyms, keys: expectations)

    static let fixed = Table(
        "fixed", synonyms: [("with", "by"), ("fix", "by"), ("fixes", "by")] + expectationSynonyms,
        keys: [Key("by", "a list of fixes", "with all of these in, this table counts")]
            + expectations)

    private static let expectationSynonyms = [
        ("hold", "holds"), ("violate", "violates"), ("reaches", "sometimes"),
    ]

    private static let expectations = [
        Key(
            "violates", "a list of guarantees", or: "[]",
            "these must be broken; no other may be"),
        Key(
            "holds", "a list of guarantees",
            "what the scenario is about; all others hold too"),
        Key(
            "sometimes", "a list of conditions or events", or: "[]",
            "each must come true once"),
        Key("eventually", "a list of conditions", or: "[]", "each must be true at the end"),
        Key("never", "a list of conditions or events", or: "[]", "none may come true"),
    ]
}
