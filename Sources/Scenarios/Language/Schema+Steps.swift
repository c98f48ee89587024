extension Schema {
    /// What a step can do, and which further keys belong to it.
    public struct Verb: Sendable {
        public var name: String
        /// What its value is.
        public var kind: String
        public var companions: [String]
        /// Whether it stands until it is healed, so that `lasting` means something.
        public var isStanding: Bool
        public var meaning: String

        init(
            _ name: String, _ kind: String, with companions: [String] = [],
            isStanding: Bool = false, _ meaning: String
        ) {
            self.name = name
            self.kind = kind
            self.companions = companions
            self.isStanding = isStanding
            self.meaning = meaning
        }
    }

    public static let verbs: [Verb] =
        processVerbs + networkVerbs + diskVerbs + otherVerbs + clientVerbs + threadVerbs
        + adminVerbs

    private static let processVerbs = [
        Verb("crash", "a target", "the process is gone; the page cache and the host stay"),
        Verb("power-loss", "a target", "the host is gone, with what had not reached the disk"),
        Verb("restart", "a target", "a process that is down begins again from its disk"),
        Verb("start", "a target", "a process that is not there begins"),
        Verb("pause", "a target", isStanding: true, "a long collection of garbage"),
        Verb("resume", "a target", "a paused process goes on as if nothing had happened"),
        Verb("shut-down", "a target", "a graceful stop: the process may hand over"),
        Verb(
            "skew-clock", "a target", with: ["by"], isStanding: true,
            "its clock runs ahead by this much"),
        Verb("jump-clock", "a target", with: ["by"], "its clock jumps once, ahead or back"),
        Verb("move", "a target", "the host gets another address"),
    ]

    private static let networkVerbs = [
        Verb(
            "isolate", "a target", with: ["from", "direction", "connections"], isStanding: true,
            "nothing gets through between it and the others"),
        Verb("reset", "a target", with: ["from"], "connections break, and both ends learn of it"),
        Verb(
            "silence", "a target", with: ["from"],
            "connections are forgotten underway: both ends think they are open"),
        Verb(
            "clog", "a target", with: ["from", "by"], isStanding: true,
            "every message takes this much longer"),
        Verb(
            "swizzle", "a target", with: ["by", "within"],
            "its links are clogged one by one and unclogged in another order"),
        Verb(
            "drop-request", "an API or \"any\"",
            with: ["sender", "receiver", "of", "first", "count"],
            isStanding: true, "such requests never arrive"),
        Verb(
            "delay-request", "an API or \"any\"",
            with: ["sender", "receiver", "of", "first", "count", "by"], isStanding: true,
            "such requests arrive this much later"),
        Verb(
            "lose-reply", "an API or \"any\"",
            with: ["sender", "receiver", "of", "first", "count"],
            isStanding: true, "such requests are carried out, and the answer never arrives"),
        Verb(
            "fail-request", "an API or \"any\"",
            with: ["sender", "receiver", "of", "first", "count", "error"], isStanding: true,
            "such requests are not carried out, and the answer is an error"),
    ]

    private static let diskVerbs = [
        Verb("slow-disk", "a target", with: ["by"], isStanding: true, "each flush takes longer"),
        Verb("fill-disk", "a target", isStanding: true, "nothing more can be written"),
        Verb(
            "fail-directory", "brokers", with: ["directory"], isStanding: true,
            "a log directory can be neither read nor written"),
        Verb(
            "lying-disk", "a target", isStanding: true,
            "it says that it has flushed, and has not"),
        Verb("flip-bit", "a target", with: ["place"], "a bit of the log on disk flips"),
        Verb("wipe-disk", "a target", "the disk is empty when the process starts again"),
        Verb("replace-disk", "a target", "a new disk: to the quorum, somebody else (KIP-853)"),
    ]

    private static let otherVerbs = [
        Verb("heal", "what", "ends faults: \"all\", a kind of them, or those of a named step"),
        Verb("add-voter", "a target", "an administrator adds it to the quorum (KIP-853)"),
        Verb("remove-voter", "a target", "an administrator takes it out of the quorum"),
        Verb("upgrade-kraft-version", "1", "an administrator allows the voters to change"),
        Verb("describe-quorum", "\"controller\"", "an administrator asks how the quorum stands"),
        Verb("resign", "\"controller\"", "the controller gives up its leadership"),
        Verb("snapshot", "a target", "it writes a snapshot and cleans its log"),
        Verb("propose", "an integer", "the controller proposes so many records in one batch"),
    ]

    static func verb(_ name: String) -> Verb? { verbs.first { $0.name == name } }

    static let step = Table(
        "step", title: "a step", hasDottedNames: true,
        synonyms: [
            ("kill", "crash"), ("stop", "shut-down"), ("shutdown", "shut-down"),
            ("cut", "isolate"), ("fail", "fail-request"), ("create-topic", "create"),
            ("delete", "delete-topic"), ("partition-count", "total"), ("config", "configure"),
            ("alter-config", "configure"), ("set", "configure"), ("assignments", "replicas"),
            ("api", "fail-request"), ("burst", "at-once"), ("topic", "of"),
            ("disconnect", "reset"), ("freeze", "pause"), ("delay", "later"),
            ("power-off", "power-loss"), ("duration", "lasting"), ("for", "lasting"),
            ("time", "at"), ("full-disk", "fill-disk"),
            ("drop", "drop-request"),
        ],
        keys: [
            Key("name", "a text", "for healing it by name"),
            Key("at", "a duration", "fires at this instant"),
            Key("when", "a condition", "fires as soon as it holds"),
            Key("after", "an event", "fires as soon as it has happened"),
            Key("later", "a duration", or: "\"0s\"", "fires this long after its trigger"),
            Key("lasting", "a duration", "heals by itself after this long"),
            Key("from", "a target", or: "everybody else", "the other end of the links"),
            Key(
                "direction", "\"both\", \"outgoing\" or \"incoming\"", or: "\"both\"",
                "what does not get through, as seen from the target"),
            Key(
                "connections", "\"stall\" or \"die\"", or: "\"stall\"",
                "bytes wait for the healing, or connections break at once"),
            Key("by", "a duration", "how much slower, later, further ahead"),
            Key("within", "a duration", "how long each link is clogged at most"),
            Key("directory", "an integer", or: "1", "which of a broker's log directories"),
            Key("place", "\"tail\" or \"anywhere\"", or: "\"tail\"", "which batch the bit is in"),
            Key("sender", "a target", or: "anybody", "whose requests"),
            Key("receiver", "a target", or: "anybody", "requests to whom"),
            Key("first", "an integer", or: "1", "the first matching request that suffers"),
            Key("count", "an integer or \"all\"", or: "1", "how many suffer"),
        ] + clusterStepKeys + verbs.map { Key($0.name, $0.kind, $0.meaning) })
}

extension Schema {
    /// Keys of a step that belong to some verbs and not to others.
    static let companions = [
        "from", "direction", "connections", "by", "within", "place", "sender", "receiver",
        "first", "count",
    ] + clusterStepKeys.map(\.name)

    /// What a key is called in a step that has another word for it.
    static func companion(meantBy key: String, beside verb: Verb) -> String? {
        let pairs = [("to", "receiver"), ("from", "sender"), ("of", "to"), ("to", "of"),
            ("partition", "of"), ("records", "count"), ("from", "of")]
        return pairs.first { $0.0 == key && verb.companions.contains($0.1) }?.1
    }
}
