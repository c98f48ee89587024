import Kernel

/// How far the state machine has been told (ListenerContext).
struct ListenerProgress: Sendable {
    /// It hears nothing before the process has begun.
    var isRegistered = false
    /// The first offset it has not heard of; -1: it has heard nothing yet.
    var nextOffset: Int64 = -1
    var toldLeader: NodeID?
    var toldEpoch: Int32 = 0

    /// Whether this is news: a new epoch, or the leader of one whose leader was not known.
    func isNews(leader: NodeID?, epoch: Int32) -> Bool {
        epoch > toldEpoch || (epoch == toldEpoch && leader != nil && toldLeader == nil)
    }
}

/// What the state machine is told.
extension RaftNode {
    mutating func tellListener(_ turn: inout RaftTurn) throws(RaftDeath) {
        if let highWatermark = quorum.highWatermark {
            try tellCommitted(upTo: highWatermark, &turn)
        }
        if quorum.role == .leader {
            maybeTellLeadership(&turn)
        } else if quorum.role != .resigned {
            // One that has resigned leads in name, but can write nothing any more.
            maybeTellLeaderChange(&turn)
        }
    }

    /// Everything that is committed and has not been told. What the log no longer has comes as a
    /// snapshot; a listener that has heard nothing gets the latest one anyway.
    mutating func tellCommitted(
        upTo highWatermark: Int64, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        guard listener.isRegistered, listener.nextOffset < highWatermark else { return }
        if listener.nextOffset < max(0, storage.log.start) { try tellSnapshot(&turn) }
        // Batches are told whole, so one that the high watermark lies inside of is not yet.
        let limit = storage.log.highWatermark
        while listener.nextOffset < limit {
            let batches = storage.log.read(from: listener.nextOffset, upTo: limit)
            guard let last = batches.last else { return }
            listener.nextOffset = last.endOffset
            turn.effects.append(.tell(.committed(batches)))
        }
    }

    private mutating func tellSnapshot(_ turn: inout RaftTurn) throws(RaftDeath) {
        if let snapshot = storage.log.latestSnapshot {
            listener.nextOffset = snapshot.id.offset
            let isBootstrap = snapshot.id == OffsetAndEpoch(0, 0)
            turn.effects.append(
                .tell(isBootstrap ? .loadBootstrap(snapshot) : .loadSnapshot(snapshot)))
        } else if listener.nextOffset < 0 {
            listener.nextOffset = 0
        } else {
            throw RaftDeath(.illegalState, .missingSnapshot)
        }
    }

    mutating func maybeTellLeaderChange(_ turn: inout RaftTurn) {
        guard listener.isRegistered,
            listener.isNews(leader: quorum.leader, epoch: quorum.epoch)
        else { return }
        listener.toldLeader = quorum.leader
        listener.toldEpoch = quorum.epoch
        turn.effects.append(.tell(.leaderChange(leader: quorum.leader, epoch: quorum.epoch)))
    }

    /// A state machine may lead only when it has read everything up to its own epoch.
    mutating func maybeTellLeadership(_ turn: inout RaftTurn) {
        guard listener.isNews(leader: quorum.leader, epoch: quorum.epoch),
            let leading = quorum.leading, listener.nextOffset > leading.epochStart
        else { return }
        maybeTellLeaderChange(&turn)
    }
}
