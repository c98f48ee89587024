/// Who may vote, and where each voter listens. Sorted by node id; a node is in it at most once.
public struct VoterSet: Hashable, Sendable {
    public struct Voter: Hashable, Sendable {
        public var key: ReplicaKey
        public var endpoint: Endpoint
        /// The kraft.version range that the voter's software supports.
        public var versions: ClosedRange<Int16>

        public init(key: ReplicaKey, endpoint: Endpoint, versions: ClosedRange<Int16> = 0...1) {
            self.key = key
            self.endpoint = endpoint
            self.versions = versions
        }
    }

    public private(set) var voters: [Voter]

    public init(_ voters: [Voter]) {
        self.voters = voters.sorted { $0.key.id < $1.key.id }
    }
}
