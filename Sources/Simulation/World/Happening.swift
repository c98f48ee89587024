import Kafka
import Kernel

/// What changed in a process during one event, for those who judge, count and wait.
public enum Happening: Hashable, Sendable {
    case becameUnattached(epoch: Int32)
    case becameProspective(epoch: Int32)
    case becameCandidate(epoch: Int32)
    case becameLeader(epoch: Int32)
    case becameFollower(epoch: Int32, leader: NodeID)
    case becameResigned(epoch: Int32)
    /// It means to vote so; nobody hears of it before it is on disk.
    case voted(epoch: Int32, candidate: ReplicaKey)
    /// The vote is on disk, as far as the disk says: from now on it binds.
    case promisedVote(epoch: Int32, candidate: ReplicaKey)
    /// Offsets `from ..< to` of the log are new.
    case appended(from: Int64, to: Int64)
    /// The log ended at `from` and now ends at `to`.
    case truncated(from: Int64, to: Int64)
    case flushed(logEnd: Int64)
    case movedHighWatermark(from: Int64?, to: Int64)
    case wroteSnapshot(OffsetAndEpoch)
    case loadedSnapshot(OffsetAndEpoch)
    /// The log now starts here.
    case cleanedLog(start: Int64)
    case started
    case crashed
    case lostPower
    /// The process is down: its log had ended at `from`, and `to` is what the disk has kept.
    case lostRecords(from: Int64, to: Int64)
    /// The process has ended before it got round to writing `to ..< from`: nobody has seen that.
    case forgotRecords(from: Int64, to: Int64)
    case paused
    case resumed
    case stopped
    /// An exception of Kafka's own escaped.
    case died(RaftDeath.Reason)
    /// Its disk was full: Kafka halts.
    case diskFailed
    /// A connection to another process could not be made or broke.
    case disconnected(from: NodeID)
    /// A request was given up by its sender and its connection closed.
    case requestTimedOut(to: NodeID)
    /// A request was carried out whose sender had already given it up.
    case servedForgottenRequest(from: NodeID)
    case changedVoters(count: Int)
    // Above the quorum.
    case metadata(MetadataChange)
    case broker(BrokerNote)
    case replica(ReplicaChange)
    case client(ClientNote)
    /// Something in the active controller went wrong.
    case controllerFault(ControllerFault)
    /// An order of the administrator's is done, or refused.
    case administered(String, KafkaError)
    // From outside: in words, as such are few.
    /// A fault strikes the process, its host or its links.
    case struck(String)
    /// What a fault did to it is mended.
    case mended(String)

    /// The kinds by the words that scenario files use for them.
    public enum Kind: Int, CaseIterable, Hashable, Sendable {
        case becameUnattached, becameProspective, becameCandidate, becameLeader, becameFollower
        case becameResigned, voted, promisedVote, appended, truncated, flushed, movedHighWatermark
        case wroteSnapshot, loadedSnapshot, cleanedLog, started, crashed, lostPower, lostRecords
        case forgotRecords, paused, resumed, stopped, died, diskFailed, disconnected
        case requestTimedOut, servedForgottenRequest, changedVoters
        case changedPartition, changedReplicas, changedConfig, removedTopic
        case registered, fenced, unfenced
        case changedState, opened, appliedMetadata
        case leadsPartition, followsPartition, removedReplica, proposedISR, committedISR
        case compactedLog
        case fetcherTrouble
        case openedLog, appendedRecords, truncatedLog, movedLogHighWatermark, movedLogStart
        case closedLog
        case acknowledged, sendFailed, sendRefused, received, resetPosition, lookedUp
        case callThrew
        case controllerFault, administered, struck, mended
    }
}

/// A happening and whose it is.
public struct Note: Hashable, Sendable {
    /// The process's place in `World.nodes`.
    public var node: Int
    public var happening: Happening

    public init(node: Int, _ happening: Happening) {
        self.node = node
        self.happening = happening
    }
}
