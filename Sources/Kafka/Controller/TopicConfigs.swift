/// Which settings a topic has, and which values they take.
enum TopicConfigs {
    static func isList(_ key: String) -> Bool { key == "cleanup.policy" }
    static func defaultList(_ key: String) -> String { key == "cleanup.policy" ? "delete" : "" }
    static func isValid(_ key: String, _ value: String) -> Bool {
        switch key {
        case minISRKey: Int32(value).map { $0 >= 1 } ?? false
        case uncleanElectionKey: value == "true" || value == "false"
        default: false
        }
    }
}
