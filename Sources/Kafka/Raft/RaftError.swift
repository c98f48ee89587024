/// The protocol errors (`org.apache.kafka.common.protocol.Errors`) that Raft speaks of, by Kafka's
/// own codes.
public enum RaftError: Int16, Hashable, Sendable {
    case unknownServerError = -1
    case none = 0
    case offsetOutOfRange = 1
    case corruptMessage = 2
    case notLeaderOrFollower = 6
    case requestTimedOut = 7
    case brokerNotAvailable = 8
    case networkException = 13
    case clusterAuthorizationFailed = 31
    case unsupportedVersion = 35
    case invalidRequest = 42
    case fencedLeaderEpoch = 74
    case unknownLeaderEpoch = 75
    case invalidUpdateVersion = 95
    case snapshotNotFound = 98
    case positionOutOfRange = 99
    case inconsistentClusterID = 104
    case invalidVoterKey = 125
    case duplicateVoter = 126
    case voterNotFound = 127

    /// As Kafka spells it.
    public var name: String {
        switch self {
        case .unknownServerError: "UNKNOWN_SERVER_ERROR"
        case .none: "NONE"
        case .offsetOutOfRange: "OFFSET_OUT_OF_RANGE"
        case .corruptMessage: "CORRUPT_MESSAGE"
        case .notLeaderOrFollower: "NOT_LEADER_OR_FOLLOWER"
        case .requestTimedOut: "REQUEST_TIMED_OUT"
        case .brokerNotAvailable: "BROKER_NOT_AVAILABLE"
        case .networkException: "NETWORK_EXCEPTION"
        case .clusterAuthorizationFailed: "CLUSTER_AUTHORIZATION_FAILED"
        case .unsupportedVersion: "UNSUPPORTED_VERSION"
        case .invalidRequest: "INVALID_REQUEST"
        case .fencedLeaderEpoch: "FENCED_LEADER_EPOCH"
        case .unknownLeaderEpoch: "UNKNOWN_LEADER_EPOCH"
        case .invalidUpdateVersion: "INVALID_UPDATE_VERSION"
        case .snapshotNotFound: "SNAPSHOT_NOT_FOUND"
        case .positionOutOfRange: "POSITION_OUT_OF_RANGE"
        case .inconsistentClusterID: "INCONSISTENT_CLUSTER_ID"
        case .invalidVoterKey: "INVALID_VOTER_KEY"
        case .duplicateVoter: "DUPLICATE_VOTER"
        case .voterNotFound: "VOTER_NOT_FOUND"
        }
    }
}
