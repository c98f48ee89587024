/// What a topic may be called (Topic).
public enum TopicName {
    public static let longest = 249

    /// Where coordinators keep what groups have committed.
    public static let groupOffsets = "__consumer_offsets"
    public static let transactionState = "__transaction_state"
    public static let shareGroupState = "__share_group_state"

    /// The cluster keeps its own state in it: clients may not write to it.
    public static func isInternal(_ name: String) -> Bool {
        name == groupOffsets || name == transactionState || name == shareGroupState
    }

    public static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= longest else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// The name with periods as underscores, as metrics spell it; nil if it has neither, so that no
    /// other name could become the same.
    public static func metricName(of name: String) -> String? {
        let bytes = name.utf8
        guard bytes.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }) else {
            return nil
        }
        let folded = bytes.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "_") : $0 }
        return String(decoding: folded, as: UTF8.self)
    }
}
