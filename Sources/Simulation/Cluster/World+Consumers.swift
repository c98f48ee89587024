import Kafka
import Kernel

/// A consumer and the program around it.
struct ConsumerSeat: Sendable {
    let configuration: ConsumerConfiguration
    /// On its process's clock.
    var wakeAt = Instant.never

    init(_ configuration: ConsumerConfiguration, actor: ActorID) {
        self.configuration = configuration
    }
}

extension World {
    mutating func startConsumer(_ place: Int, _ lane: Int) {}
    mutating func wakeConsumer(_ place: Int, _ lane: Int) {}
    mutating func connected(_ key: Link.Key, consumer place: Int, _ lane: Int) {}
    mutating func disconnected(_ key: Link.Key, consumer place: Int, _ lane: Int) {}
    mutating func take(
        _ reply: ClusterReply, of correlation: CorrelationID, consumer place: Int, _ lane: Int
    ) {}
}
