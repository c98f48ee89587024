import Testing

/// What has no state: codes, settings, hashes, orders.
enum PureArea: VectorArea {
    static let name = "pure"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "murmur2": Murmur2Adapter.self
        case "name-to-partition": NameToPartitionAdapter.self
        case "backoff": BackoffAdapter.self
        case "partitioner-sticky": StickyPartitionerAdapter.self
        case "partitioner-round-robin": RoundRobinPartitionerAdapter.self
        case "partitioner-queues": PartitionerQueuesAdapter.self
        case "java-order": JavaOrderAdapter.self
        case "defaults": DefaultsAdapter.self
        case "config-check": ConfigCheckAdapter.self
        case "errors-and-apis": ErrorsAdapter.self
        case "features": FeaturesAdapter.self
        case "batch-build": BatchBuildAdapter.self
        case "batch-read": BatchReadAdapter.self
        case "batch-control": BatchControlAdapter.self
        case "record-sizes": RecordSizesAdapter.self
        case "log-validator": LogValidatorAdapter.self
        default: nil
        }
    }
}

@Suite struct ConformancePure {
    @Test(arguments: PureArea.files)
    func `pure functions answer as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: PureArea.self)
    }
}
