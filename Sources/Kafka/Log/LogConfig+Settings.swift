extension LogConfig {
    /// What the settings of a topic, and what its broker says for all of them, come to for a log.
    public init(topic: Settings, broker: Settings) {
        self.init()
        segmentBytes = topic.numberOrNone("internal.segment.bytes") ?? topic.number("segment.bytes")
        segmentMs = topic.number("segment.ms")
        maxMessageBytes = topic.number("max.message.bytes")
        retentionMs = topic.number("retention.ms")
        retentionBytes = topic.number("retention.bytes")
        let policies = topic.list("cleanup.policy")
        cleanupPolicy = []
        if policies.contains("delete") { cleanupPolicy.insert(.delete) }
        if policies.contains("compact") { cleanupPolicy.insert(.compact) }
        stampsAppendTime = topic.text("message.timestamp.type") == "LogAppendTime"
        timestampBeforeMaxMs = topic.number("message.timestamp.before.max.ms")
        timestampAfterMaxMs = topic.number("message.timestamp.after.max.ms")
        indexIntervalBytes = topic.number("index.interval.bytes")
        flushMessages = topic.number("flush.messages")
        deleteRetentionMs = topic.number("delete.retention.ms")
        minCompactionLagMs = topic.number("min.compaction.lag.ms")
        maxCompactionLagMs = topic.number("max.compaction.lag.ms")
        minCleanableDirtyMillionths = topic.decimal("min.cleanable.dirty.ratio").millionths
        let buffer = broker.number("log.cleaner.dedupe.buffer.size")
        cleanerMapSlots = buffer / max(broker.number("log.cleaner.threads"), 1) / 24
        producerIDExpirationMs = broker.number("producer.id.expiration.ms")
        verifiesTransactions = broker.boolean("transaction.partition.verification.enable")
        transactionMaxTimeoutMs = broker.number("transaction.max.timeout.ms")
    }
}
