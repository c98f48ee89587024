import Kernel

/// What a program may ask of its consumer, one call at a time.
public enum ConsumerCall: Sendable {
    case assign([PartitionRef])
    case unsubscribe
    case poll(Interval)
    case seek(PartitionRef, CommittedPosition)
    /// None: all that are assigned.
    case seekToBeginning([PartitionRef])
    case seekToEnd([PartitionRef])
    case pause([PartitionRef])
    case resume([PartitionRef])
    case position(PartitionRef, timeout: Interval)
    case currentLag(PartitionRef)
    case beginningOffsets([PartitionRef], timeout: Interval)
    case endOffsets([PartitionRef], timeout: Interval)
    case offsetsForTimes([TimeToSearch], timeout: Interval)
    case committed([PartitionRef], timeout: Interval)
    /// Nil: what was consumed.
    case commitSync([OffsetsToCommit]?, timeout: Interval)
    case commitAsync([OffsetsToCommit]?, CommitTicket?)
    case close(timeout: Interval)

    public struct TimeToSearch: Hashable, Sendable {
        public var partition: PartitionRef
        public var timestamp: Int64

        public init(_ partition: PartitionRef, _ timestamp: Int64) {
            self.partition = partition
            self.timestamp = timestamp
        }
    }

    public struct OffsetsToCommit: Hashable, Sendable {
        public var partition: PartitionRef
        public var position: CommittedPosition

        public init(_ partition: PartitionRef, _ position: CommittedPosition) {
            self.partition = partition
            self.position = position
        }
    }
}

/// Names the callback of an asynchronous commit.
public struct CommitTicket: Hashable, Sendable {
    public var rawValue: Int64

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// What was found in a log.
public struct FoundOffset: Hashable, Sendable {
    public var offset: Int64
    public var timestamp: Int64
    public var leaderEpoch: Int32?
}

/// What a call came back with.
public enum CallResult: Sendable {
    case done
    case records(PolledRecords)
    case position(Int64)
    case lag(Int64?)
    case found([(partition: PartitionRef, found: FoundOffset?)])
    case committed([(partition: PartitionRef, position: CommittedPosition?)])
}
