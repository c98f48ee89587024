import Kafka
import Kernel

/// What others may want to know of a Raft node, in plain words: compared before and after each
/// event to see what has happened, and folded into the digest.
struct NodeSummary: Hashable, Sendable {
    var role = Role.unattached
    var epoch: Int32 = 0
    var leader: NodeID?
    var voted: ReplicaKey?
    var logStart: Int64 = 0
    var logEnd: Int64 = 0
    var highWatermark: Int64?
    var votersVersion = 0

    init() {}
}
