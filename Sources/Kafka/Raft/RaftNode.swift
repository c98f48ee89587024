import Kernel

/// One Raft process of the metadata quorum: voter or observer (KafkaRaftClient).
public struct RaftNode: Sendable {
}
