import Kernel

/// Snapshots: downloading one, serving one, and the state machine's own.
extension RaftNode {
    /// The leader has only a snapshot to offer. What an earlier attempt left goes.
    mutating func beginDownload(of id: OffsetAndEpoch, _ turn: inout RaftTurn) {
        if storage.log.snapshot(id) != nil {
            quorum.following?.loading = nil
            return
        }
        quorum.following?.loading = RaftSnapshotDownload(id: id, bytes: 0)
        turn.effects.append(.delete(.snapshot(id)))
    }

    func request(for download: RaftSnapshotDownload) -> RaftRequest.FetchSnapshot {
        RaftRequest.FetchSnapshot(
            epoch: quorum.epoch, replica: local, snapshot: download.id, position: download.bytes,
            maxBytes: configuration.settings.fetchSnapshotMaxBytes)
    }

    /// FETCH_SNAPSHOT (`handleFetchSnapshotRequest`). The snapshot at 0@0 is never given away: its
    /// content is in the log.
    mutating func respond(
        to fetch: RaftRequest.FetchSnapshot, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> RaftResponse {
        func refuse(_ error: KafkaError) -> RaftResponse {
            answer(
                error,
                .fetchSnapshot(
                    .init(
                        id: OffsetAndEpoch(-1, -1), size: 0, position: 0, bytes: 0, content: nil)))
        }
        if let error = leaderOnlyError(epoch: fetch.epoch) { return refuse(error) }
        guard fetch.snapshot != OffsetAndEpoch(0, 0),
            let snapshot = storage.log.snapshot(fetch.snapshot)
        else { return refuse(.snapshotNotFound) }
        guard (0..<snapshot.sizeInBytes).contains(fetch.position) else {
            return refuse(.positionOutOfRange)
        }
        if let replica = fetch.replica,
            quorum.leading?.recordSignOfLife(from: replica, turn.now) == false
        {
            throw RaftDeath(.illegalArgument, .leaderIsSelf)
        }
        let left = snapshot.sizeInBytes - fetch.position
        return answer(
            .none,
            .fetchSnapshot(
                .init(
                    id: snapshot.id, size: snapshot.sizeInBytes, position: fetch.position,
                    bytes: Int32(min(left, Int64(fetch.maxBytes))), content: snapshot)))
    }

    /// A piece of a snapshot arrived (`handleFetchSnapshotResponse`). With the last one the log
    /// begins anew behind the snapshot.
    mutating func accept(
        _ chunk: RaftResponse.FetchSnapshot, _ error: KafkaError, _ turn: inout RaftTurn
    ) throws(RaftDeath) -> Bool {
        guard quorum.role == .follower else { throw RaftDeath(.illegalState, .notFollowing) }
        if error == .snapshotNotFound || chunk.id.offset < 0 || chunk.id.epoch < 0 {
            // The leader has deleted it: begin with a fetch again.
            quorum.following?.loading = nil
            quorum.didFetch(at: turn.now)
            return true
        }
        guard var loading = quorum.following?.loading, loading.id == chunk.id,
            loading.bytes == chunk.position
        else { throw RaftDeath(.illegalState, .snapshotMismatch) }
        loading.bytes += Int64(chunk.bytes)
        turn.effects.append(.write(.snapshot(chunk.id), bytes: Int64(chunk.bytes)))
        if loading.bytes == chunk.size, let content = chunk.content {
            quorum.following?.loading = nil
            try finishDownload(content, &turn)
        } else {
            quorum.following?.loading = loading
        }
        quorum.didFetch(at: turn.now)
        return true
    }

    private mutating func finishDownload(
        _ snapshot: RaftSnapshot, _ turn: inout RaftTurn
    ) throws(RaftDeath) {
        turn.effects.append(.flush(.snapshot(snapshot.id)))
        guard let old = storage.beginAnew(behind: snapshot) else {
            throw RaftDeath(.illegalState, .snapshotMismatch)
        }
        turn.effects.append(.cut(.log, bytes: old.sizeInBytes))
        for snapshot in old.snapshots { turn.effects.append(.delete(.snapshot(snapshot.id))) }
        control.beginAnew()
        try control.read(storage.log)
        try updateHighWatermark(toAtMost: storage.log.highWatermark, &turn)
    }

    /// The state machine has written its state as of `id`; the voters and the kraft.version as of
    /// there are written with it (`createSnapshot`).
    mutating func createSnapshot(
        _ id: OffsetAndEpoch, sizeInBytes: Int64, stateFingerprint: UInt64, _ turn: inout RaftTurn
    ) -> RaftCallResult {
        switch storage.log.canCreateSnapshot(id) {
        case .failure(.impossible): return .refused(.illegalArgument)
        case .failure(.notCommitted): return .refused(.error(.offsetOutOfRange))
        case .success(false): return .snapshotCreated(false)
        case .success(true): break
        }
        guard control.hasRead(id.offset - 1) else { return .refused(.illegalArgument) }
        let snapshot = RaftSnapshot(
            id: id, kraftVersion: control.version(at: id.offset - 1),
            voters: control.voters(at: id.offset - 1), sizeInBytes: sizeInBytes,
            stateFingerprint: stateFingerprint)
        turn.effects.append(.write(.snapshot(id), bytes: sizeInBytes))
        turn.effects.append(.flush(.snapshot(id)))
        control.truncateOld(before: id.offset)
        return .snapshotCreated(storage.log.keep(snapshot))
    }

    /// Log and snapshots before `id` are not needed any more (`deleteBeforeSnapshot`).
    mutating func deleteBefore(_ id: OffsetAndEpoch, _ turn: inout RaftTurn) -> RaftCallResult {
        let before = storage.log.snapshots
        switch storage.log.deleteBefore(id) {
        case .failure(.impossible): return .refused(.illegalArgument)
        case .failure(.notCommitted): return .refused(.error(.offsetOutOfRange))
        case .success(let isDeleted):
            for snapshot in before where snapshot.id < id && isDeleted {
                turn.effects.append(.delete(.snapshot(snapshot.id)))
            }
            return .logCleaned(isDeleted)
        }
    }
}
