import Kernel

extension ReplicaSettings {
    /// Precondition: `properties` are a broker's, and checked.
    public init(_ properties: Settings) {
        self.init()
        func milliseconds(_ name: String) -> Interval { properties.interval(name) }
        maxLag = milliseconds("replica.lag.time.max.ms")
        highWatermarkCheckpointInterval =
            milliseconds("replica.high.watermark.checkpoint.interval.ms")
        logCheckpointInterval = milliseconds("log.flush.offset.checkpoint.interval.ms")
        retentionCheckInterval = milliseconds("log.retention.check.interval.ms")
        cleanerBackoff =
            properties.boolean("log.cleaner.enable") ? milliseconds("log.cleaner.backoff.ms") : nil
        producerExpiryCheckInterval = milliseconds("producer.id.expiration.check.interval.ms")
        initialTaskDelay = milliseconds("log.initial.task.delay.ms")
        maxFetchBytes = properties.number("fetch.max.bytes")
        let selector = properties.text("replica.selector.class") ?? ""
        self.selector = selector.hasSuffix(".RackAwareReplicaSelector") ? .rackAware : nil
        let topics = properties.topicDefaults
        minInSyncReplicas = Int(topics.number("min.insync.replicas"))
        log = LogConfig(topic: topics, broker: properties)
        topicDefaults = topics
        self.properties = properties
    }
}
