import Kernel

/// One thing that a controller wants done, in order.
public enum ControllerEffect: Sendable {
    /// To the metadata log, as one atomic batch whose first record gets `firstOffset`. The quorum
    /// that refuses it says `becomeStandby`.
    case append([MetadataRecord], firstOffset: Int64, epoch: Int32)
    case reply(ControllerReply, to: ReplyToken)
    /// `timer(task)` at that instant; takes the place of an earlier wish for the task.
    case setTimer(ControllerTask, at: Instant)
    /// Something went wrong inside: the leadership of that epoch is given up.
    case resign(epoch: Int32, reason: ControllerFault)
    /// A task failed. It is tried again later, and costs no leadership.
    case taskFailed(ControllerTask, reason: ControllerFault)
}

/// Where Kafka throws an exception that nobody expects.
public enum ControllerFault: String, Hashable, Sendable {
    case partitionOfNoTopic = "an index names a partition of a topic that is gone"
    case minISRIsNoNumber = "min.insync.replicas is not a number"
}

/// The outbox of a controller. Reused: whoever drains it calls `removeAll`, which keeps its memory.
public struct ControllerEffects: Sendable {
    public private(set) var items: [ControllerEffect] = []

    public init() {}

    @inlinable public var isEmpty: Bool { items.isEmpty }

    public mutating func append(_ effect: ControllerEffect) {
        items.append(effect)
    }

    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
    }
}
