import Kernel

/// How a broker is configured as far as its fetchers go.
public struct FetcherSettings: Hashable, Sendable {
    /// num.replica.fetchers: for each leader.
    public var threadsPerLeader: Int32 = 1
    /// replica.fetch.wait.max.ms
    public var maxWait = Interval.milliseconds(500)
    /// replica.fetch.min.bytes
    public var minBytes: Int32 = 1
    /// replica.fetch.response.max.bytes
    public var maxBytes: Int32 = 10_485_760
    /// replica.fetch.max.bytes: for each partition.
    public var maxPartitionBytes: Int32 = 1_048_576
    /// replica.fetch.backoff.ms
    public var backOff = Interval.seconds(1)

    public init() {}

    /// Precondition: `properties` are a broker's, and checked.
    public init(_ properties: Settings) {
        threadsPerLeader = Int32(properties.number("num.replica.fetchers"))
        maxWait = properties.interval("replica.fetch.wait.max.ms")
        minBytes = Int32(properties.number("replica.fetch.min.bytes"))
        maxBytes = Int32(properties.number("replica.fetch.response.max.bytes"))
        maxPartitionBytes = Int32(properties.number("replica.fetch.max.bytes"))
        // Whoever waits for no time still takes some: else nothing else would ever happen.
        backOff = max(properties.interval("replica.fetch.backoff.ms"), .milliseconds(1))
    }
}
