import Kernel

/// Which part a node plays in the quorum, in which epoch, and what it has promised (QuorumState).
///
///     Unattached ──timer──▶ Prospective ──majority of pre-votes──▶ Candidate ──majority──▶ Leader
///         ▲  ▲                 │    ▲  ▲                               │                     │
///         │  └──lost, no leader┘    │  └────────────timer──────────────┘                     │
///         │                         └─timer── Follower ◀──a leader is known── any           │
///         └──higher epoch── any   Resigned ◀──shutdown, resignation, no majority fetches───┘
///
/// A role changes only in the `become…` functions. Those of them that are durable in Kafka leave
/// the promise to be written in `election`; Prospective and Resigned exist in memory only.
///
/// Invariant: `votes` belong to Prospective and Candidate, `following` to Follower, `leading` to
/// Leader, `resigning` to Resigned; in another role they are nil.
public struct QuorumState: Sendable {
    public enum Role: UInt8, Hashable, Sendable {
        case unattached, follower, prospective, candidate, leader, resigned
    }

    /// Nil: a node without an id, which can only observe.
    public let local: ReplicaKey?
    let localEndpoint: Endpoint
    let electionTimeout: Interval
    let fetchTimeout: Interval
    let generation: Generation
    let actor: ActorID

    public internal(set) var role = Role.unattached
    public internal(set) var epoch: Int32 = 0
    public internal(set) var leader: NodeID?
    public internal(set) var voted: ReplicaKey?
    /// Where the leader listens, and on how many listeners as far as this node knows.
    public internal(set) var leaderEndpoint: Endpoint?
    var leaderListeners = 0
    /// When the election timer runs out, or a follower's fetch timer; not used by a leader.
    public internal(set) var deadline = Instant.never

    public internal(set) var votes: EpochElection?
    public internal(set) var following: FollowerState?
    public internal(set) var leading: LeaderState?
    public internal(set) var resigning: ResignedState?
    /// As followers learn it, and as a leader moves it. A leader and a resigned one start without:
    /// they must not say less than what their predecessors have said, and do not know how much
    /// that was.
    public private(set) var highWatermark: Int64?

    public init(
        local: ReplicaKey?, endpoint: Endpoint, settings: RaftSettings, actor: ActorID
    ) {
        self.local = local
        localEndpoint = endpoint
        electionTimeout = settings.electionTimeout
        fetchTimeout = settings.fetchTimeout
        generation = settings.generation
        self.actor = actor
    }

    /// What the quorum-state file must hold before anything else may happen.
    public var election: RaftElectionState {
        RaftElectionState(epoch: epoch, leader: leader, voted: voted)
    }

    public var isNominee: Bool { role == .prospective || role == .candidate }

    public var hasRemoteLeader: Bool { leader != nil && leader != local?.id }

    public func isVoter(in voters: VoterSet) -> Bool {
        guard let local else { return false }
        return voters.isVoter(local)
    }

    /// Learns a high watermark as a follower; returns whether it moved. It never goes back.
    public mutating func updateFollowerHighWatermark(_ offset: Int64) throws(RaftDeath) -> Bool {
        if let known = highWatermark {
            if offset < known {
                throw RaftDeath(.illegalArgument, .highWatermarkWentBack)
            }
            if offset == known { return false }
        }
        highWatermark = offset
        return true
    }

    /// The leader's own count has moved it.
    mutating func adoptLeadersHighWatermark() {
        highWatermark = leading?.highWatermark
    }

    private mutating func drawElectionTimeout(_ choices: inout Choices) -> Interval {
        let bound = electionTimeout.wholeMilliseconds
        guard bound > 0 else { return .zero }
        let extra = choices.draw(actor, .raftElectionTimeout, below: UInt64(bound))
        return electionTimeout + .milliseconds(Int64(extra))
    }

    private mutating func clearRoleState() {
        votes = nil
        following = nil
        leading = nil
        resigning = nil
    }
}

/// What only a follower knows (FollowerState).
public struct FollowerState: Sendable {
    /// Has fetched from this leader in this epoch: from then on it grants nobody a pre-vote.
    public internal(set) var hasFetched = false
    /// When it may next tell the leader about itself, or ask to join (KIP-853, KIP-1186).
    var updateVoterDeadline: Instant
    /// A leader under kraft.version 0 keeps what voters tell it in memory only, so each is told.
    var hasUpdatedLeader = false
    /// The snapshot under way, and how much of it has arrived.
    public internal(set) var loading: RaftSnapshotDownload?
}

/// A snapshot that is being downloaded.
public struct RaftSnapshotDownload: Hashable, Sendable {
    public var id: OffsetAndEpoch
    public var bytes: Int64
}

/// What only a leader that has given up knows (ResignedState).
public struct ResignedState: Sendable {
    /// Voters that have not answered END_QUORUM_EPOCH, by id.
    public internal(set) var unacknowledged: [NodeID]
    public let preferredSuccessors: [ReplicaKey]
    let voters: [NodeID]

    /// An answer from somebody who was no voter breaks the protocol.
    mutating func acknowledge(_ voter: NodeID) throws(RaftDeath) {
        guard voters.contains(voter) else { throw RaftDeath(.illegalArgument, .notAVoter) }
        unacknowledged.removeAll { $0 == voter }
    }
}

// MARK: - Becoming

extension QuorumState {
    /// The first role of a process, from what its disk holds. A saved epoch older than the log's
    /// last one is worth nothing; a leader comes back resigned, so that it neither votes again nor
    /// writes other records under the same offset and epoch.
    public mutating func becomeInitial(
        saved: RaftElectionState?, lastLogEpoch: Int32, voters: VoterSet, at now: Instant,
        _ choices: inout Choices
    ) throws(RaftDeath) {
        let saved = saved ?? RaftElectionState(epoch: 0)
        if saved.voted != nil && local == nil {
            throw RaftDeath(.illegalState, .votedWithoutID)
        }
        clearRoleState()
        if saved.epoch < lastLogEpoch {
            setUnattached(RaftElectionState(epoch: lastLogEpoch))
        } else if let local, saved.leader == local.id {
            setResigned(epoch: saved.epoch, successors: [], voters)
        } else if let local, let voted = saved.voted, voted.stands(for: local),
            isUndecided(saved)
        {
            guard voters.isVoter(local) else {
                throw RaftDeath(.illegalArgument, .candidateIsNoVoter)
            }
            setCandidate(epoch: saved.epoch, local, voters)
        } else if let leader = saved.leader, let endpoint = voters[leader]?.endpoint {
            setFollower(saved, leader, endpoint, listeners: 1, at: now)
            return
        } else {
            setUnattached(saved)
        }
        deadline = now + drawElectionTimeout(&choices)
    }

    /// Whether a node that had voted for itself still stands in that election. Kafka 4.3.1 thinks
    /// so even if its file says that another has won (QuorumState.initialize). When its log holds
    /// records of that epoch by then, its request for votes is an invalid one, and if whoever says
    /// so does not name the leader besides, the node dies of it.
    private func isUndecided(_ saved: RaftElectionState) -> Bool {
        saved.leader == nil || !generation.has(.lostElectionIsOver)
    }

    /// A higher epoch was heard of, or a pre-vote was lost, or a resigned leader moves on. The
    /// election timer runs on where one was running, so that being told of epochs all the time
    /// keeps nobody from standing.
    public mutating func becomeUnattached(
        epoch newEpoch: Int32, leader: NodeID? = nil, voters: VoterSet, at now: Instant,
        _ choices: inout Choices
    ) throws(RaftDeath) {
        if newEpoch < epoch || (newEpoch == epoch && role != .prospective) {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        let keepsTimer =
            switch role {
            case .candidate, .unattached, .resigned: true
            case .prospective: !(votes?.isLost ?? false)
            case .follower, .leader: false
            }
        if !isVoter(in: voters) {
            deadline = .never
        } else if !keepsTimer {
            deadline = now + drawElectionTimeout(&choices)
        }
        let watermark = highWatermark
        let voted = retainedVote(in: newEpoch)
        clearRoleState()
        setUnattached(RaftElectionState(epoch: newEpoch, leader: leader, voted: voted))
        highWatermark = watermark
    }

    /// A binding vote is granted, in the role of Unattached. Whoever gets it has at least as good
    /// a chance as this node, so the election timer starts again.
    public mutating func becomeUnattachedVoted(
        epoch: Int32, for candidate: ReplicaKey, at now: Instant, _ choices: inout Choices
    ) throws(RaftDeath) {
        try recordVote(as: .unattached, epoch: epoch, for: candidate, at: now, &choices)
    }

    /// A binding vote is granted, in the role of Prospective, whose own pre-votes start again.
    public mutating func becomeProspectiveVoted(
        epoch: Int32, for candidate: ReplicaKey, voters: VoterSet, at now: Instant,
        _ choices: inout Choices
    ) throws(RaftDeath) {
        try recordVote(as: .prospective, epoch: epoch, for: candidate, at: now, &choices)
        guard let local else { return }
        votes = EpochElection(voters, grantedBy: local.id)
    }

    /// A leader is known.
    public mutating func becomeFollower(
        epoch newEpoch: Int32, leader newLeader: NodeID, endpoint: Endpoint?, listeners: Int = 1,
        at now: Instant
    ) throws(RaftDeath) {
        guard let endpoint, listeners > 0 else {
            throw RaftDeath(.illegalArgument, .leaderWithoutAddress)
        }
        if newLeader == local?.id || newEpoch < epoch {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        if newEpoch == epoch {
            if role == .leader || (role == .follower && leaderListeners >= listeners) {
                throw RaftDeath(.illegalState, .impossibleTransition)
            }
        }
        let watermark = highWatermark
        let promise = RaftElectionState(
            epoch: newEpoch, leader: newLeader, voted: retainedVote(in: newEpoch))
        clearRoleState()
        setFollower(promise, newLeader, endpoint, listeners: listeners, at: now)
        highWatermark = watermark
    }

    /// A timer ran out: asks whether the others would vote for this node before it bumps the epoch
    /// (KIP-996).
    public mutating func becomeProspective(
        voters: VoterSet, at now: Instant, _ choices: inout Choices
    ) throws(RaftDeath) {
        guard isVoter(in: voters), role != .leader, role != .prospective, let local else {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        clearRoleState()
        role = .prospective
        votes = EpochElection(voters, grantedBy: local.id)
        deadline = now + drawElectionTimeout(&choices)
    }

    /// Stands for election in the next epoch, with its own vote.
    public mutating func becomeCandidate(
        voters: VoterSet, at now: Instant, _ choices: inout Choices
    ) throws(RaftDeath) {
        guard isVoter(in: voters), role == .prospective, let local else {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        clearRoleState()
        setCandidate(epoch: epoch + 1, local, voters)
        deadline = now + drawElectionTimeout(&choices)
    }

    /// The election is won. What was known of the high watermark is forgotten; see there.
    public mutating func becomeLeader(
        epochStart: Int64, voters: VoterSet, at now: Instant
    ) throws(RaftDeath) {
        guard isVoter(in: voters), role == .candidate, let local, votes?.isWon == true else {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        clearRoleState()
        role = .leader
        leader = local.id
        voted = nil
        leaderEndpoint = localEndpoint
        leaderListeners = 1
        deadline = .never
        highWatermark = nil
        leading = LeaderState(
            local: local, epoch: epoch, epochStart: commitBarrier(epochStart), voters: voters,
            fetchTimeout: fetchTimeout, at: now)
    }

    /// Gives up the leadership, but not the epoch: no other leader gets its vote there.
    public mutating func becomeResigned(
        successors: [ReplicaKey], voters: VoterSet, at now: Instant, _ choices: inout Choices
    ) throws(RaftDeath) {
        guard role == .leader else {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        clearRoleState()
        setResigned(epoch: epoch, successors: successors, voters)
        deadline = now + drawElectionTimeout(&choices)
    }

    /// A promise is kept for the whole of its epoch, whatever role follows, or one node could
    /// vote twice in it. Without the fix it was forgotten with the role.
    private func retainedVote(in newEpoch: Int32) -> ReplicaKey? {
        newEpoch == epoch && generation.has(.votedKeyKept) ? voted : nil
    }

    /// KAFKA-12619: what a majority has at the very start of the epoch is still only records of
    /// older epochs, which a later leader may overwrite (Raft, 5.4.2).
    private func commitBarrier(_ epochStart: Int64) -> Int64 {
        generation.has(.highWatermarkPastEpochStart) ? epochStart : epochStart - 1
    }

    private mutating func recordVote(
        as expected: Role, epoch asked: Int32, for candidate: ReplicaKey, at now: Instant,
        _ choices: inout Choices
    ) throws(RaftDeath) {
        guard let local, candidate.id != local.id, asked == epoch, role == expected, voted == nil
        else {
            throw RaftDeath(.illegalState, .impossibleTransition)
        }
        voted = candidate
        deadline = now + drawElectionTimeout(&choices)
    }

    private mutating func setUnattached(_ promise: RaftElectionState) {
        role = .unattached
        epoch = promise.epoch
        leader = promise.leader
        voted = promise.voted
        leaderEndpoint = nil
        leaderListeners = 0
    }

    private mutating func setFollower(
        _ promise: RaftElectionState, _ newLeader: NodeID, _ endpoint: Endpoint, listeners: Int,
        at now: Instant
    ) {
        role = .follower
        epoch = promise.epoch
        leader = newLeader
        voted = promise.voted
        leaderEndpoint = endpoint
        leaderListeners = listeners
        deadline = now + fetchTimeout
        following = FollowerState(updateVoterDeadline: now + fetchTimeout)
    }

    private mutating func setCandidate(
        epoch newEpoch: Int32, _ local: ReplicaKey, _ voters: VoterSet
    ) {
        role = .candidate
        epoch = newEpoch
        leader = nil
        voted = local
        leaderEndpoint = nil
        leaderListeners = 0
        votes = EpochElection(voters, grantedBy: local.id)
    }

    private mutating func setResigned(
        epoch sameEpoch: Int32, successors: [ReplicaKey], _ voters: VoterSet
    ) {
        role = .resigned
        epoch = sameEpoch
        leader = local?.id
        voted = nil
        leaderEndpoint = localEndpoint
        leaderListeners = 1
        highWatermark = nil
        let ids = voters.voters.map(\.key.id)
        resigning = ResignedState(
            unacknowledged: ids.filter { $0 != local?.id }, preferredSuccessors: successors,
            voters: ids)
    }
}

// MARK: - Voting

extension QuorumState {
    /// Would this node vote for `candidate`? Who is a voter is not asked: the voter sets of two
    /// nodes may differ for a while.
    public func canGrantVote(
        to candidate: ReplicaKey, isLogUpToDate: Bool, isPreVote: Bool
    ) -> Bool {
        switch role {
        case .leader: return false
        case .follower:
            return isPreVote && isLogUpToDate && following?.hasFetched == false
        case .candidate, .resigned: return isPreVote && isLogUpToDate
        case .unattached, .prospective:
            if isPreVote { return isLogUpToDate }
            if let voted { return voted.stands(for: candidate) }
            return leader == nil && isLogUpToDate
        }
    }

    /// An answer to a vote request is counted; returns whether it was this voter's first. A
    /// candidate's voters may not change their mind; those of a prospective one may.
    public mutating func count(_ granted: Bool, from voter: NodeID) throws(RaftDeath) -> Bool {
        guard isNominee else { throw RaftDeath(.illegalState, .impossibleTransition) }
        if role == .candidate, let before = votes?.answer(of: voter), before != granted {
            throw RaftDeath(.illegalArgument, .voteChanged)
        }
        guard let isFirst = votes?.record(voter, granted: granted) else {
            throw RaftDeath(.illegalArgument, .notAVoter)
        }
        return isFirst
    }

    /// The leader answered in its own epoch.
    public mutating func didFetch(at now: Instant) {
        following?.hasFetched = true
        deadline = now + fetchTimeout
    }
}
