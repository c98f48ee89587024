import Kafka
import Kernel

/// After a process has worked: what has changed in it, for those who judge, and for the digest.
extension World {
    mutating func note(_ happening: consuming Happening, _ process: Int) {
        let kind = happening.kind
        noted |= 1 << UInt64(kind.rawValue)
        counts[kind.rawValue] += 1
        if case .client(let what) = happening { tallies[process - nodes.count].add(what) }
        if isTracing { trace(happening, process) }
        notes.append(Note(node: process, consume happening))
    }

    mutating func countTurn(_ process: Int) { tallies[process - nodes.count].turns += 1 }

    /// Compares the node with what it was after the event before, and folds it into the digest.
    mutating func observe(_ process: Int) {
        touchedNode = process
        let after = summarize(process)
        fold(after, process)
        let before = processes[process].summary
        if before == after { return }
        processes[process].summary = after
        if before.voted != after.voted || before.epoch != after.epoch, let candidate = after.voted {
            note(.voted(epoch: after.epoch, candidate: candidate), process)
        }
        if (before.role, before.epoch) != (after.role, after.epoch)
            || before.leader != after.leader {
            note(after.becoming, process)
        }
        noteLog(before, after, process)
        if before.votersVersion != after.votersVersion {
            note(.changedVoters(count: nodes[process].voters.count), process)
        }
    }

    /// Word by word through the path: so the node is looked at in its place and not copied.
    @inline(__always)
    func summarize(_ process: Int) -> NodeSummary {
        var summary = NodeSummary()
        summary.role = Role(nodes[process].quorum.role)
        summary.epoch = nodes[process].quorum.epoch
        summary.leader = nodes[process].quorum.leader
        summary.voted = nodes[process].quorum.voted
        summary.logStart = nodes[process].storage.log.start
        summary.logEnd = nodes[process].storage.log.end
        summary.highWatermark = nodes[process].quorum.highWatermark
        summary.votersVersion = nodes[process].votersVersion
        return summary
    }

    private mutating func noteLog(_ before: NodeSummary, _ after: NodeSummary, _ process: Int) {
        if after.logEnd < before.logEnd {
            note(.truncated(from: before.logEnd, to: after.logEnd), process)
            processes[process].flushedLogEnd = min(
                processes[process].flushedLogEnd, after.logEnd)
        } else if after.logEnd > before.logEnd {
            note(.appended(from: before.logEnd, to: after.logEnd), process)
        }
        if let watermark = after.highWatermark, before.highWatermark != watermark {
            note(.movedHighWatermark(from: before.highWatermark, to: watermark), process)
        }
        if after.logStart > before.logStart {
            let gone = processes[process].disk.written(.log) - nodes[process].log.sizeInBytes
            processes[process].disk.dropPrefix(.log, bytes: gone)
            note(.cleanedLog(start: after.logStart), process)
        }
    }

    private mutating func fold(_ summary: NodeSummary, _ process: Int) {
        fingerprint.combine(
            UInt64(process) << 48 | UInt64(summary.role.code) << 40
                | UInt64(UInt32(bitPattern: summary.epoch)))
        fingerprint.combine(
            UInt64(bitPattern: summary.logEnd) << 32
                ^ UInt64(bitPattern: summary.highWatermark ?? -1))
    }

    /// What arrives, before anybody has reacted to it.
    mutating func foldDelivery(_ packet: Packet) {
        fingerprint.combine(
            packet.connection.word &* 8 &+ UInt64(packet.kind.rawValue) &* 2
                &+ UInt64(packet.to.rawValue))
        if packet.kind == .parcel { fingerprint.combine(parcels.word(packet.parcel)) }
    }
}

extension NodeSummary {
    var becoming: Happening {
        switch role {
        case .unattached: .becameUnattached(epoch: epoch)
        case .prospective: .becameProspective(epoch: epoch)
        case .candidate: .becameCandidate(epoch: epoch)
        case .leader: .becameLeader(epoch: epoch)
        case .resigned: .becameResigned(epoch: epoch)
        case .follower: .becameFollower(epoch: epoch, leader: leader ?? NodeID(-1))
        }
    }
}

extension Role {
    init(_ role: QuorumState.Role) {
        switch role {
        case .unattached: self = .unattached
        case .prospective: self = .prospective
        case .candidate: self = .candidate
        case .leader: self = .leader
        case .follower: self = .follower
        case .resigned: self = .resigned
        }
    }

    /// As the digest counts them.
    var code: UInt8 {
        switch self {
        case .unattached: 0
        case .prospective: 1
        case .candidate: 2
        case .leader: 3
        case .follower: 4
        case .resigned: 5
        }
    }
}

extension Happening {
    public var kind: Kind {
        switch self {
        case .becameUnattached: .becameUnattached
        case .becameProspective: .becameProspective
        case .becameCandidate: .becameCandidate
        case .becameLeader: .becameLeader
        case .becameFollower: .becameFollower
        case .becameResigned: .becameResigned
        case .voted: .voted
        case .promisedVote: .promisedVote
        case .appended: .appended
        case .truncated: .truncated
        case .flushed: .flushed
        case .movedHighWatermark: .movedHighWatermark
        case .wroteSnapshot: .wroteSnapshot
        case .loadedSnapshot: .loadedSnapshot
        case .cleanedLog: .cleanedLog
        case .started: .started
        case .crashed: .crashed
        case .lostPower: .lostPower
        case .lostRecords: .lostRecords
        case .forgotRecords: .forgotRecords
        case .paused: .paused
        case .resumed: .resumed
        case .stopped: .stopped
        case .died: .died
        case .diskFailed: .diskFailed
        case .disconnected: .disconnected
        case .requestTimedOut: .requestTimedOut
        case .servedForgottenRequest: .servedForgottenRequest
        case .changedVoters: .changedVoters
        case .metadata(let change): change.kind
        case .broker(let note): note.kind
        case .replica(let change): change.kind
        case .client(let note): note.kind
        case .controllerFault: .controllerFault
        case .administered: .administered
        case .struck: .struck
        case .mended: .mended
        }
    }
}
