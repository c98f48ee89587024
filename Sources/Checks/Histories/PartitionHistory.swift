import Kafka
import Kernel

/// What clients have seen of one partition: what consumers were given, and what producers were told
/// that they had written.
struct PartitionHistory: Sendable {
    struct Position: Sendable {
        var client: Int
        /// The next offset that the client should be given; nil: it has been sent elsewhere.
        var next: Int64?
        /// Where it has last been known which leader epoch had written what it was given there. Of
        /// what one poll returns that is known at the end only.
        var known: OffsetAndEpoch?
        /// The event in which it was last given something.
        var event: UInt64
        /// How often its program had said where to read.
        var repositionings = 0
    }

    struct Send: Sendable {
        var client: Int
        /// The largest ticket that was acknowledged, and where.
        var ticket: Int64
        var offset: Int64
        /// How often records had been lost then.
        var losses: Int
    }

    let id: TopicIDPartition
    /// What the log was as far as consumers have read, by the first who read there.
    var read = LogChain()
    /// Everything that any consumer was given.
    var received = OffsetRanges()
    /// Of that, what was not read as it is in `read`: the log had been cut and written anew.
    var readAnew = OffsetRanges()
    /// Everything of which a producer was told that it is written, by what the log was there.
    var written = SegmentedArray<AcknowledgedLog.Batch>()
    /// By consumer and producer.
    var positions: [Position] = []
    var sends: [Send] = []
    /// Up to where the records that were read have been looked at, and what they said.
    var examinedEnd: Int64 = 0
    var values = ReadValues()
    /// An offset was seen with two values, and that has been said.
    var isInconsistent = false

    init(_ id: TopicIDPartition) {
        self.id = id
    }

    /// A consumer goes on somewhere else, or begins a new life.
    mutating func reset(_ client: Int) {
        if let place = place(ofReader: client) { positions[place].next = nil }
    }

    func place(ofReader client: Int) -> Int? { positions.firstIndex { $0.client == client } }
    func place(ofWriter client: Int) -> Int? { sends.firstIndex { $0.client == client } }
}
