import Kernel

/// What reaches a Raft process through its one door. With every input the process also works off
/// whatever its timers call for at that instant.
public enum RaftInput: Sendable {
    /// The process begins with what its storage holds.
    case start
    /// The instant it asked to be woken at has come, or somebody gives it the chance to act.
    case wake
    case request(RaftRequest, from: ReplyToken)
    /// As `request`, but it carries the id of another cluster.
    case foreignRequest(RaftRequest, from: ReplyToken)
    case response(RaftResponse, to: CorrelationID)
    /// The request ends without an answer.
    case failure(RequestFailure, of: CorrelationID)
    /// The state machine proposes records as leader of an epoch (`prepareAppend`). They are to be
    /// written without waiting for the linger to pass if `schedule` (`schedulePreparedAppend`).
    case append(RaftProposal)
    /// Everything prepared is to be written now (`schedulePreparedAppend`).
    case scheduleAppend
    /// The state machine gives up the leadership of that epoch.
    case resign(epoch: Int32)
    /// A graceful shutdown begins, and ends after this long at the latest.
    case shutdown(timeout: Interval)
    /// The state machine has written its state up to `id` (KIP-630).
    case createSnapshot(id: OffsetAndEpoch, sizeInBytes: Int64, stateFingerprint: UInt64)
    /// Log and snapshots before this snapshot may go.
    case deleteBeforeSnapshot(OffsetAndEpoch)
    /// The leader of that epoch is to raise kraft.version, or to say only whether it could
    /// (KIP-853).
    case upgradeVersion(Int16, epoch: Int32, validateOnly: Bool)

    public enum RequestFailure: Hashable, Sendable {
        /// The connection could not be made, or broke.
        case disconnected
        /// The other side does not know this version of the API.
        case unsupportedVersion
        /// The other side's identity could not be established.
        case authentication
    }
}

/// Whom to answer: made by whoever delivers a request, given back with the reply.
public struct ReplyToken: Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// Which of its requests a node is told about. Unique within one life of the process.
public struct CorrelationID: Comparable, Hashable, Sendable {
    public var rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: CorrelationID, right: CorrelationID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Records that the state machine of the leader of `epoch` wants written: items `firstItem`, … of
/// its own stream.
public struct RaftProposal: Hashable, Sendable {
    public var epoch: Int32
    public var count: Int32
    public var firstItem: Int64
    public var sizeInBytes: Int32
    public var schedule: Bool

    public init(
        epoch: Int32, count: Int32, firstItem: Int64, sizeInBytes: Int32, schedule: Bool = true
    ) {
        self.epoch = epoch
        self.count = count
        self.firstItem = firstItem
        self.sizeInBytes = sizeInBytes
        self.schedule = schedule
    }
}
