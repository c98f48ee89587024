import Kernel

extension Purpose {
    /// Which life of a broker this is.
    public static let brokerIncarnation = Purpose(code: 0x0600)
    /// The id of a new fetch session.
    public static let fetchSessionID = Purpose(code: 0x0601)
    /// The random part of the wait before a registration or heartbeat is tried again.
    public static let lifecycleBackoff = Purpose(code: 0x0602)
    /// Which broker a client is told to take for the controller.
    public static let reportedController = Purpose(code: 0x0603)
}

extension PurposeNames {
    public static let broker: PurposeNames = [
        "broker.incarnation": .brokerIncarnation,
        "broker.fetch-session-id": .fetchSessionID,
        "broker.lifecycle-backoff": .lifecycleBackoff,
        "broker.reported-controller": .reportedController,
    ]
}
