import Kernel

extension Purpose {
    /// Where the replicas of a new partition go.
    public static let replicaPlacement = Purpose(code: 0x0700)
    /// Which of several brokers whose session is over is fenced first. In Kafka the order of a
    /// hash table decides.
    public static let staleBroker = Purpose(code: 0x0701)
}

extension PurposeNames {
    public static let controller: PurposeNames = [
        "controller.replica-placement": .replicaPlacement,
        "controller.stale-broker": .staleBroker,
    ]
}
