import Kernel

extension ConsumerSettings {
    /// Precondition: `properties` are a consumer's, and checked (`Settings.checkedConsumer`).
    public init(_ properties: Settings) {
        precondition(properties.kind == .consumer, "a consumer is configured as one")
        self.init()
        func milliseconds(_ name: String) -> Interval { properties.interval(name) }
        implementation =
            properties.text("group.protocol")?.lowercased() == "consumer" ? .consumer : .classic
        group = properties.text("group.id")
        autoCommitInterval =
            properties.boolean("enable.auto.commit")
            ? milliseconds("auto.commit.interval.ms") : nil
        isolation =
            properties.text("isolation.level") == "read_committed" ? .committed : .uncommitted
        reset = ResetStrategy(properties.text("auto.offset.reset") ?? "latest")
        maxPollRecords = Int32(properties.number("max.poll.records"))
        fetchMinBytes = Int32(properties.number("fetch.min.bytes"))
        fetchMaxBytes = Int32(properties.number("fetch.max.bytes"))
        fetchMaxWait = milliseconds("fetch.max.wait.ms")
        maxPartitionFetchBytes = Int32(properties.number("max.partition.fetch.bytes"))
        checksCRCs = properties.boolean("check.crcs")
        if let rack = properties.text("client.rack"), !rack.isEmpty { self.rack = rack }
        // A consumer that waits no time at all goes round a thousand times a second, as its clock
        // counts milliseconds.
        retryBackoff = ExponentialBackoff(
            initial: max(milliseconds("retry.backoff.ms"), .milliseconds(1)),
            max: max(milliseconds("retry.backoff.max.ms"), .milliseconds(1)))
        reconnectBackoff = ExponentialBackoff(
            initial: milliseconds("reconnect.backoff.ms"),
            max: milliseconds("reconnect.backoff.max.ms"))
        connectionSetupTimeout = milliseconds("socket.connection.setup.timeout.ms")
        requestTimeout = max(milliseconds("request.timeout.ms"), .milliseconds(1))
        callTimeout = milliseconds("default.api.timeout.ms")
        metadataMaxAge = milliseconds("metadata.max.age.ms")
        heartbeatInterval = milliseconds("heartbeat.interval.ms")
        maxPollInterval = milliseconds("max.poll.interval.ms")
    }
}

extension ResetStrategy {
    /// `auto.offset.reset`; `by_duration:PT1H` is KIP-1106's.
    init(_ text: String) {
        let word = text.lowercased()
        let duration = "by_duration:"
        if word == "none" {
            self = .none
        } else if word == "earliest" {
            self = .earliest
        } else if word.hasPrefix(duration),
            let length = isoDuration(word.dropFirst(duration.count))
        {
            self = .byDuration(.milliseconds(length))
        } else {
            self = .latest
        }
    }
}
