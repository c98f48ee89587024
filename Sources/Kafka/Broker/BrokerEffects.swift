import Kernel

/// Whom a broker sends a request to, and over which of its connections: each has its own order, and
/// carries one request at a time.
public struct BrokerDestination: Comparable, Hashable, Sendable {
    public enum Purpose: Comparable, Hashable, Sendable {
        /// Registration and heartbeats.
        case heartbeats
        /// ISRs.
        case alterPartition
        /// Requests of clients, topics made on demand, producer ids.
        case forwarding
        /// The n-th fetcher of that leader.
        case fetcher(Int32)
    }

    public var node: NodeID
    public var purpose: Purpose

    public init(_ node: NodeID, _ purpose: Purpose) {
        self.node = node
        self.purpose = purpose
    }

    public static func < (left: BrokerDestination, right: BrokerDestination) -> Bool {
        (left.node, left.purpose) < (right.node, right.purpose)
    }
}

/// One thing that a broker wants done, in order.
public enum BrokerEffect: Sendable {
    /// Over the connection of that destination, which is opened if there is none. An answer or a
    /// failure comes back for each, and there is at most one at a time for a destination.
    case send(ClusterRequest, to: BrokerDestination, CorrelationID, timeout: Interval)
    /// The connection is closed, and whatever was under way on it is no longer waited for.
    case disconnect(BrokerDestination)
    case reply(BrokerReply, to: ReplyToken)
    /// The request needs no answer (acks=0), and its connection may go on.
    case noReply(to: ReplyToken)
    /// The request cannot be answered (acks=0 failed): its connection is closed.
    case close(ReplyToken)
    /// The work on a request is interrupted at a yield point: `resume`, however long the gap is.
    case suspended(SuspensionID, at: YieldPoints)
    /// The process is gone. `storage` is what it leaves behind; clean: with the marker that says
    /// that everything was flushed.
    case stopped(clean: Bool)
    case note(BrokerNote)
}

/// What those who look on may want to know.
public enum BrokerNote: Hashable, Sendable {
    case state(BrokerState)
    case registered(epoch: Int64)
    /// It serves clients from now on.
    case opened
    case appliedMetadata(endOffset: Int64)
    case replica(ReplicaNote)
    case fetcher(FetcherNote)
}

public typealias BrokerEffects = Outbox<BrokerEffect>

extension Outbox where Effect == BrokerEffect {
    mutating func note(_ note: BrokerNote) {
        append(.note(note))
    }
}
