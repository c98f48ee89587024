import Kernel

/// A log as one number: that of its last batch on top of all before it. So two logs, and two
/// states that came from applying them, are equal where and only where their numbers are.
extension RaftBatch {
    public func fingerprint(onTopOf previous: UInt64) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.combine(previous)
        fingerprint.combine(baseOffset)
        fingerprint.combine(
            UInt64(UInt32(bitPattern: count)) << 32 | UInt64(UInt32(bitPattern: epoch)))
        content.combine(into: &fingerprint)
        return fingerprint.value
    }
}

extension RaftBatch.Content {
    fileprivate func combine(into fingerprint: inout Fingerprint) {
        switch self {
        case .data(let firstItem):
            fingerprint.combine(firstItem)
        case .control(let records):
            for record in records { record.combine(into: &fingerprint) }
        }
    }
}

extension RaftControlRecord {
    fileprivate func combine(into fingerprint: inout Fingerprint) {
        switch self {
        case .leaderChange(let leader, let voters, let grantedBy):
            fingerprint.combine(1 as UInt64)
            fingerprint.combine(leader.rawValue)
            fingerprint.combine(voters.count)
            for voter in voters { fingerprint.combine(voter.rawValue) }
            for voter in grantedBy { fingerprint.combine(voter.rawValue) }
        case .kraftVersion(let version):
            fingerprint.combine(2 as UInt64)
            fingerprint.combine(version)
        case .voters(let set):
            fingerprint.combine(3 as UInt64)
            for voter in set.voters {
                fingerprint.combine(voter.key.id.rawValue)
                fingerprint.combine(voter.key.directory.rawValue)
                fingerprint.combine(voter.endpoint.host.rawValue)
                fingerprint.combine(voter.endpoint.port)
            }
        }
    }
}
