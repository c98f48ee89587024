/// The language of scenario files as data: every table and every key, what it takes and what it
/// means. Readers ask only for keys that stand here, and help with unknown ones from here.
public enum Schema {
    public struct Key: Hashable, Sendable {
        public var name: String
        /// What its value is: "a duration", "a target".
        public var kind: String
        /// What holds when it is absent, as it would be written; nil if nothing does.
        public var fallback: String?
        public var meaning: String

        init(_ name: String, _ kind: String, or fallback: String? = nil, _ meaning: String) {
            self.name = name
            self.kind = kind
            self.fallback = fallback
            self.meaning = meaning
        }
    }

    public struct Table: Sendable {
        /// `cluster`; empty for what stands above the first table.
        public var name: String
        /// As messages call it.
        public var title: String
        public var keys: [Key]
        /// Whether it also takes Kafka's settings, and with them names that contain dots.
        public var hasDottedNames: Bool
        /// What people write who know another language, and what it is called here.
        var synonyms: [(theirs: String, ours: String)]

        init(
            _ name: String, title: String? = nil, hasDottedNames: Bool = false,
            synonyms: [(theirs: String, ours: String)] = [], keys: [Key]
        ) {
            self.name = name
            self.title = title ?? "[\(name)]"
            self.keys = keys
            self.hasDottedNames = hasDottedNames
            self.synonyms = synonyms
        }

        func has(_ key: String) -> Bool { keys.contains { $0.name == key } }

        func synonym(of key: String) -> String? {
            synonyms.first { $0.theirs == key }?.ours
        }
    }

    public static let tables: [Table] = [
        scenario, cluster, broker, controller, topic, producer, consumer, network, link, disk,
        workload, snapshots, step, chaos, expect, fixed,
    ]

    /// By its dotted name.
    static func table(_ name: String) -> Table {
        guard let table = tables.first(where: { $0.name == name }) else {
            preconditionFailure("the schema has no table \(name)")
        }
        return table
    }
}
