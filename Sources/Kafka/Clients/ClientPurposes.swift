import Kernel

extension Purpose {
    /// Where the sticky partitioner goes next: Java's non-negative Int, before the remainder.
    public static let producerStickyPartition = Purpose(code: 0x0801)
    /// At which node a client begins to look for the least loaded one.
    public static let producerLeastLoadedNode = Purpose(code: 0x0802)
}

extension PurposeNames {
    public static let clients: PurposeNames = [
        "producer.sticky-partition": .producerStickyPartition,
        "producer.least-loaded-node": .producerLeastLoadedNode,
    ]
}
