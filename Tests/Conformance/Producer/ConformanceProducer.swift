import Testing

/// The producer client: RecordAccumulator, Sender and TransactionManager.
enum ProducerArea: VectorArea {
    static let name = "producer"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "accumulator": AccumulatorAdapter.self
        case "partitioner": PartitionerAdapter.self
        case "plain", "idempotent", "transactional-v1", "transactional-v2": SenderAdapter.self
        default: nil
        }
    }
}

@Suite struct ConformanceProducer {
    @Test(arguments: ProducerArea.files)
    func `the producer answers as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: ProducerArea.self)
    }
}
