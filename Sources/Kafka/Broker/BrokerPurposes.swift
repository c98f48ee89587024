import Kernel

extension Purpose {
    /// The id of a new fetch session.
    public static let fetchSessionID = Purpose(code: 0x0601)
}

extension PurposeNames {
    public static let broker: PurposeNames = [
        "broker.fetch-session-id": .fetchSessionID
    ]
}
