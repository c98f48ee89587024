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

    /// The voters of `controller.quorum.voters`: nothing is known of their disks, and only
    /// kraft.version 0 is expected of them.
    public init(configured voters: [(id: NodeID, endpoint: Endpoint)]) {
        self.init(
            voters.map { Voter(key: ReplicaKey($0.id), endpoint: $0.endpoint, versions: 0...0) })
    }

    public var count: Int { voters.count }

    /// How many voters are more than half of all.
    public var majority: Int { Kafka.majority(of: voters.count) }

    /// Where the voter with this id stands, and if there is none where it would.
    @inline(__always)
    private func position(of id: NodeID) -> (index: Int, found: Bool) {
        var index = 0
        while index < voters.count, voters[index].key.id < id { index += 1 }
        return (index, index < voters.count && voters[index].key.id == id)
    }

    public subscript(id: NodeID) -> Voter? {
        let (index, found) = position(of: id)
        return found ? voters[index] : nil
    }

    public func contains(_ id: NodeID) -> Bool { position(of: id).found }

    /// Whether this replica may vote. A voter without directory id stands for every disk of its
    /// node.
    public func isVoter(_ key: ReplicaKey) -> Bool {
        guard let voter = self[key.id] else { return false }
        return voter.key.stands(for: key)
    }

    public func isOnlyVoter(_ key: ReplicaKey) -> Bool { voters.count == 1 && isVoter(key) }

    /// Whether the same voter has another address or other versions than the set says.
    public func needsUpdate(to voter: Voter) -> Bool {
        guard let known = self[voter.key.id] else { return false }
        return known.key.stands(for: voter.key) && known != voter
    }

    /// The set with one voter more; nil if its node is in it already, with whatever disk.
    public func adding(_ voter: Voter) -> VoterSet? {
        let (index, found) = position(of: voter.key.id)
        if found { return nil }
        var set = self
        set.voters.insert(voter, at: index)
        return set
    }

    /// The set without a voter; nil if exactly this one is not in it, or is the last.
    public func removing(_ key: ReplicaKey) -> VoterSet? {
        let (index, found) = position(of: key.id)
        guard found, voters[index].key == key, voters.count > 1 else { return nil }
        var set = self
        set.voters.remove(at: index)
        return set
    }

    /// The set with new address and versions of a voter; nil if it is none.
    public func updating(_ voter: Voter) -> VoterSet? {
        isVoter(voter.key) ? updatingAnyDirectory(voter) : nil
    }

    /// As `updating`, but the node may have got another disk.
    public func updatingAnyDirectory(_ voter: Voter) -> VoterSet? {
        let (index, found) = position(of: voter.key.id)
        guard found else { return nil }
        var set = self
        set.voters[index] = voter
        return set
    }

    /// Whether at most one voter left and at most one came: Kafka's test for a change that is safe
    /// because every old majority meets every new one (KIP-853). That follows for one voter more
    /// or one less; a replacement in one step passes too, but Kafka never does that, except to a
    /// voter with another disk, which is another voter.
    public func hasOverlappingMajority(with other: VoterSet) -> Bool {
        missing(in: other) <= 1 && other.missing(in: self) <= 1
    }

    private func missing(in other: VoterSet) -> Int {
        voters.count { other[$0.key.id]?.key != $0.key }
    }
}

extension ReplicaKey {
    /// Whether the key that a voter set or a vote was recorded with means this replica: one without
    /// directory id means the node, whatever its disk.
    @inlinable
    public func stands(for replica: ReplicaKey) -> Bool {
        id == replica.id && (directory == .unknown || directory == replica.directory)
    }
}

/// How many of `count` voters are more than half of them.
@inlinable
public func majority(of count: Int) -> Int { count / 2 + 1 }
