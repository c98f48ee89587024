import Kafka
import Kernel

/// What is in a message, as words for the digest.
extension RaftRequest {
    func fold(into fingerprint: inout Fingerprint) {
        switch self {
        case .fetch(let its):
            fingerprint.combine(word(1, its.epoch, its.lastFetchedEpoch))
            fingerprint.combine(
                UInt64(bitPattern: its.offset) << 20 ^ UInt64(bitPattern: its.highWatermark ?? -1))
        case .vote(let its):
            fingerprint.combine(word(its.isPreVote ? 2 : 3, its.epoch, its.logEnd.epoch))
            fingerprint.combine(its.logEnd.offset)
            foldKey(its.candidate, into: &fingerprint)
            if let voter = its.voter { foldKey(voter, into: &fingerprint) }
        case .beginQuorumEpoch(let its):
            fingerprint.combine(word(4, its.epoch, its.leader.rawValue))
        case .endQuorumEpoch(let its):
            fingerprint.combine(word(5, its.epoch, its.leader.rawValue))
            for successor in its.preferredSuccessors { foldKey(successor, into: &fingerprint) }
        case .fetchSnapshot(let its):
            fingerprint.combine(word(6, its.epoch, its.snapshot.epoch))
            fingerprint.combine(its.snapshot.offset)
            fingerprint.combine(its.position)
        case .describeQuorum: fingerprint.combine(word(7, 0, 0))
        case .addVoter(let its):
            fingerprint.combine(word(8, its.ackWhenCommitted ? 1 : 0, 0))
            foldKey(its.voter, into: &fingerprint)
        case .removeVoter(let its):
            fingerprint.combine(word(9, 0, 0))
            foldKey(its, into: &fingerprint)
        case .updateVoter(let its):
            fingerprint.combine(word(10, its.epoch, 0))
            foldKey(its.voter, into: &fingerprint)
        case .apiVersions: fingerprint.combine(word(11, 0, 0))
        }
    }
}

extension RaftResponse {
    func fold(into fingerprint: inout Fingerprint) {
        fingerprint.combine(
            word(UInt64(UInt16(bitPattern: error.rawValue)), epoch, leader?.rawValue ?? -1))
        switch body {
        case .fetch(let its):
            fingerprint.combine(its.highWatermark ?? -1)
            if let last = its.records.last {
                fingerprint.combine(word(1, last.epoch, Int32(its.records.count)))
                fingerprint.combine(last.endOffset)
            }
            if let diverging = its.diverging {
                fingerprint.combine(word(2, diverging.epoch, 0))
                fingerprint.combine(diverging.offset)
            }
            if let snapshot = its.snapshot {
                fingerprint.combine(word(3, snapshot.epoch, 0))
                fingerprint.combine(snapshot.offset)
            }
        case .vote(let granted): fingerprint.combine(word(4, granted ? 1 : 0, 0))
        case .fetchSnapshot(let its):
            fingerprint.combine(word(5, its.id.epoch, its.bytes))
            fingerprint.combine(its.position)
        case .beginQuorumEpoch: fingerprint.combine(word(6, 0, 0))
        case .endQuorumEpoch: fingerprint.combine(word(7, 0, 0))
        case .describeQuorum(let its): fingerprint.combine(its.highWatermark ?? -1)
        case .addVoter: fingerprint.combine(word(8, 0, 0))
        case .removeVoter: fingerprint.combine(word(9, 0, 0))
        case .updateVoter: fingerprint.combine(word(10, 0, 0))
        case .apiVersions: fingerprint.combine(word(11, 0, 0))
        }
    }
}

@inline(__always)
private func word(_ kind: UInt64, _ first: Int32, _ second: Int32) -> UInt64 {
    kind &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(UInt32(bitPattern: first)) << 32
        ^ UInt64(UInt32(bitPattern: second))
}

private func foldKey(_ key: ReplicaKey, into fingerprint: inout Fingerprint) {
    fingerprint.combine(UInt64(UInt32(bitPattern: key.id.rawValue)) ^ key.directory.rawValue << 8)
}

// MARK: - On the wire

/// About how many bytes a message is, headers included: what bandwidth is spent on.
extension RaftRequest {
    var wireBytes: Int64 {
        switch self {
        case .endQuorumEpoch(let its): 120 + 20 * Int64(its.preferredSuccessors.count)
        default: 150
        }
    }
}

extension RaftResponse {
    var wireBytes: Int64 {
        switch body {
        case .fetch(let its):
            its.records.reduce(150) { $0 + Int64($1.sizeInBytes) }
        case .fetchSnapshot(let its): 150 + Int64(its.bytes)
        default: 100
        }
    }
}
