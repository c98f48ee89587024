/// What a Raft process is at an instant, by the word that scenario files use (QuorumState).
public enum Role: String, CaseIterable, Hashable, Sendable {
    case unattached, prospective, candidate, leader, follower, resigned
}
