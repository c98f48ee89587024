import Kernel

/// What reaches a broker's replicas through their one door.
public enum ReplicaInput: Sendable {
    /// The process runs: periodic tasks begin.
    case start
    case request(BrokerRequest, from: ReplyToken)
    /// A coordinator writes to partitions that this broker leads, or a transaction's verification
    /// is over: the answer is as that of a Produce request.
    case append(LocalAppend, from: ReplyToken)
    /// The broker has applied more of the metadata log.
    case metadata(MetadataImage, MetadataDelta)
    /// What topics do not say was changed while the broker runs.
    indirect case settings(ReplicaSettings)
    /// The broker has been registered under this epoch.
    case brokerEpoch(Int64)
    /// The controller answers the AlterPartition request that is in flight.
    case alterPartitionAnswer(AlterPartitionAnswer)
    case timer(ReplicaTask)
    /// Followers here have copied something: consumers may be waiting for it.
    case replicated([TopicIDPartition])
    /// From now on the work on requests is interrupted at these points.
    case interrupt(at: YieldPoints)
    /// The gap at a yield point is over.
    case resume(SuspensionID)
    /// The background work that a log asked for is due.
    case logTask(TopicIDPartition, LogTask)
    /// The broker's time of day was set.
    case clockJumped(by: Interval)
    /// It can be neither read nor written from now on.
    case directoryFails(DirectoryID)
    /// From now on, replicas that nobody counts on are stopped.
    case beginControlledShutdown
}

/// Batches with all that a Produce request does not say.
public struct LocalAppend: Sendable {
    public var request: ProduceRequest
    public var origin: AppendOrigin
    /// What the coordinator gave out for each partition, in their order; empty if for none.
    public var guards: [VerificationGuard?]
    /// Of markers (KIP-1228).
    public var transactionVersion: Int16

    public init(
        _ request: ProduceRequest, origin: AppendOrigin, guards: [VerificationGuard?] = [],
        transactionVersion: Int16 = 0
    ) {
        self.request = request
        self.origin = origin
        self.guards = guards
        self.transactionVersion = transactionVersion
    }
}

/// How an AlterPartition request went.
public enum AlterPartitionAnswer: Hashable, Sendable {
    /// Not at all: the controller said so, or could not be spoken to.
    case failed(KafkaError)
    /// In the order of the request; nil for a partition that the answer does not mention.
    case partitions([AlterPartitionReply?])
}

/// What a broker does with its replicas of its own accord.
public enum ReplicaTask: Comparable, Hashable, Sendable {
    /// Answers requests that have waited long enough.
    case expireOperations
    /// Proposes to take slow followers out of their ISRs.
    case shrinkISRs
    case checkpointHighWatermarks
    /// Recovery points and log starts.
    case checkpointLogs
    case deleteOldSegments
    /// Compacts what is dirty enough.
    case cleanLogs
    /// Forgets producers that have been silent for long.
    case expireProducers
    /// Sends changes of ISRs again that a controller could not look at.
    case resendAlterPartition
}

/// Which interrupted request.
public struct SuspensionID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static func < (left: SuspensionID, right: SuspensionID) -> Bool {
        left.rawValue < right.rawValue
    }
}
