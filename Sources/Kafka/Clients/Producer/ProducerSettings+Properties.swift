import Kernel

extension ProducerSettings {
    /// What a properties file comes to in that generation of clients.
    public init(_ properties: Settings, _ generation: Generation) throws(SettingRefusal) {
        precondition(properties.kind == .producer, "a producer is configured as one")
        let checked = try properties.checkedProducer(generation)
        func milliseconds(_ name: String) -> Interval { checked.interval(name) }
        self.init()
        self.generation = generation
        acks = Acks(rawValue: Int16(checked.text("acks") ?? "") ?? -1) ?? .all
        retries = Int32(checked.number("retries"))
        maxInFlight = Int(checked.number("max.in.flight.requests.per.connection"))
        linger = milliseconds("linger.ms")
        batchSize = Int32(checked.number("batch.size"))
        bufferMemory = checked.number("buffer.memory")
        maxRequestSize = Int32(checked.number("max.request.size"))
        maxBlock = milliseconds("max.block.ms")
        requestTimeout = milliseconds("request.timeout.ms")
        deliveryTimeout = milliseconds("delivery.timeout.ms")
        retryBackoff = ExponentialBackoff(
            initial: milliseconds("retry.backoff.ms"), max: milliseconds("retry.backoff.max.ms"))
        transactionalBackoff = milliseconds("retry.backoff.ms")
        reconnectBackoff = ExponentialBackoff(
            initial: milliseconds("reconnect.backoff.ms"),
            max: milliseconds("reconnect.backoff.max.ms"))
        connectionSetupTimeout = milliseconds("socket.connection.setup.timeout.ms")
        metadataMaxAge = milliseconds("metadata.max.age.ms")
        isIdempotent = checked.boolean("enable.idempotence")
        transactionalID = checked.text("transactional.id")
        transactionTimeout = milliseconds("transaction.timeout.ms")
        partitioner =
            checked.text("partitioner.class")?.hasSuffix("RoundRobinPartitioner") == true
            ? .roundRobin : .builtIn(ignoreKeys: checked.boolean("partitioner.ignore.keys"))
        adaptivePartitioning = checked.boolean("partitioner.adaptive.partitioning.enable")
        availabilityTimeout = milliseconds("partitioner.availability.timeout.ms")
    }
}
