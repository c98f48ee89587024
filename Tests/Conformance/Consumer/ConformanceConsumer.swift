import Testing

/// The consumer client, fetching side.
enum ConsumerArea: VectorArea {
    static let name = "consumer"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "fetch-classic", "fetch-async": FetchAdapter.self
        case "subscription-state": SubscriptionAdapter.self
        default: nil
        }
    }
}

@Suite struct ConformanceConsumer {
    @Test(arguments: ConsumerArea.files)
    func `the consumer answers as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: ConsumerArea.self)
    }
}
