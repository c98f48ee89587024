/// What can be set for one topic, group, user, address or broker.
extension SettingTable {
    /// LogConfig: the settings of a topic.
    static let topic = """
        segment.bytes int 1073741824 medium 1048576... <log.segment.bytes
        segment.ms long 604800000 medium 1... <log.roll.ms,log.roll.hours/hours
        segment.jitter.ms long 0 medium 0... <log.roll.jitter.ms,log.roll.jitter.hours/hours
        segment.index.bytes int 10485760 medium 4... <log.index.size.max.bytes
        flush.messages long 9223372036854775807 medium 1... <log.flush.interval.messages
        flush.ms long 9223372036854775807 medium 0... \
        <log.flush.interval.ms,log.flush.scheduler.interval.ms
        retention.bytes long -1 medium <log.retention.bytes
        retention.ms long 604800000 medium -1... \
        <log.retention.ms,log.retention.minutes/minutes,log.retention.hours/hours
        max.message.bytes int 1048588 medium 0... <message.max.bytes
        index.interval.bytes int 4096 medium 0... <log.index.interval.bytes
        delete.retention.ms long 86400000 medium 0... <log.cleaner.delete.retention.ms
        min.compaction.lag.ms long 0 medium 0... <log.cleaner.min.compaction.lag.ms
        max.compaction.lag.ms long 9223372036854775807 medium 1... \
        <log.cleaner.max.compaction.lag.ms
        file.delete.delay.ms long 60000 medium 0... <log.segment.delete.delay.ms
        min.cleanable.dirty.ratio double 0.5 medium 0...1 <log.cleaner.min.cleanable.ratio
        cleanup.policy list [delete] medium unique(compact,delete) <log.cleanup.policy
        unclean.leader.election.enable boolean false medium <unclean.leader.election.enable
        min.insync.replicas int 1 medium 1... <min.insync.replicas
        compression.type string producer medium in(uncompressed,zstd,lz4,snappy,gzip,producer) \
        <compression.type
        compression.gzip.level int -1 medium 1...9|-1 <compression.gzip.level
        compression.lz4.level int 9 medium 1...17 <compression.lz4.level
        compression.zstd.level int 3 medium -131072...22 <compression.zstd.level
        preallocate boolean false medium <log.preallocate
        message.timestamp.type string CreateTime medium in(CreateTime,LogAppendTime) \
        <log.message.timestamp.type
        message.timestamp.before.max.ms long 9223372036854775807 medium 0... \
        <log.message.timestamp.before.max.ms
        message.timestamp.after.max.ms long 3600000 medium 0... <log.message.timestamp.after.max.ms
        leader.replication.throttled.replicas list [] medium replicas
        follower.replication.throttled.replicas list [] medium replicas
        remote.storage.enable boolean false medium
        local.retention.ms long -2 medium -2... <log.local.retention.ms
        local.retention.bytes long -2 medium -2... <log.local.retention.bytes
        remote.log.copy.disable boolean false medium
        remote.log.delete.on.disable boolean false medium
        internal.segment.bytes int null medium internal
        """

    /// GroupConfig: the settings of one group.
    static let group = """
        consumer.session.timeout.ms int 45000 medium 1...
        consumer.heartbeat.interval.ms int 5000 medium 1...
        consumer.assignment.interval.ms int 1000 medium 0...
        share.session.timeout.ms int 45000 medium 1...
        share.heartbeat.interval.ms int 5000 medium 1...
        share.record.lock.duration.ms int 30000 medium 1000...
        share.delivery.count.limit int 5 medium 2...
        share.partition.max.record.locks int 2000 medium 100...
        share.assignment.interval.ms int 1000 medium 0...
        share.auto.offset.reset string latest medium reset
        share.isolation.level string read_uncommitted medium in(read_committed,read_uncommitted)
        share.renew.acknowledge.enable boolean true medium
        streams.session.timeout.ms int 45000 medium 1...
        streams.heartbeat.interval.ms int 5000 medium 1...
        streams.num.standby.replicas int 0 medium 0...
        streams.initial.rebalance.delay.ms int 3000 medium 0...
        streams.assignment.interval.ms int 1000 medium 0...
        """

    /// ClientMetricsConfigs.
    static let clientMetrics = """
        interval.ms int 300000 medium
        match list [] medium unique
        metrics list [] medium unique
        """

    /// QuotaConfig: limits of a user or client.
    static let userQuota = """
        consumer_byte_rate long 9223372036854775807 medium
        controller_mutation_rate double 2.147483647E9 medium
        producer_byte_rate long 9223372036854775807 medium
        request_percentage double 2.147483647E9 medium
        """

    /// QuotaConfig: limits of an address.
    static let ipQuota = """
        connection_creation_rate int 2147483647 medium 0...
        """

    /// QuotaConfig: limits of a broker.
    static let brokerQuota = """
        follower.replication.throttled.rate long 9223372036854775807 medium 0...
        leader.replication.throttled.rate long 9223372036854775807 medium 0...
        replica.alter.log.dirs.io.max.bytes.per.second long 9223372036854775807 medium 0...
        """
}
