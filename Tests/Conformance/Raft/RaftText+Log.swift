import Kafka
import Kernel

/// How the raft files write batches and snapshots.
extension RaftText {
    /// `3..4@1`, or `0..2@1:leader(3;voters=1+3;by=1+3)+version(1)+voters(1:D1+3:D3@3b)`.
    static func anyBatch(_ text: Substring) throws -> RaftBatch {
        let (range, control) = VectorText.halves(text, at: ":")
        var batch = try batch(range)
        if let control {
            batch.content = .control(try parts(control).map(record))
        }
        return batch
    }

    /// Elements between `+` outside of brackets.
    private static func parts(_ text: Substring) throws -> [Substring] {
        text.isEmpty ? [] : VectorText.split(text, at: UInt8(ascii: "+"), outsideBrackets: true)
    }

    private static func record(_ text: Substring) throws -> RaftControlRecord {
        let (name, rest) = VectorText.halves(text, at: "(")
        let inside = rest?.dropLast() ?? ""
        switch name {
        case "version": return .kraftVersion(try VectorText.int(inside))
        case "voters": return .voters(VoterSet(try parts(inside).map(voter)))
        case "leader":
            let fields = VectorText.split(inside, at: UInt8(ascii: ";"))
            guard fields.count == 3 else { throw VectorFormError(description: "\(text)?") }
            return .leaderChange(
                leader: try node(fields[0]), voters: try parts(fields[1].dropFirst(7)).map(node),
                grantedBy: try parts(fields[2].dropFirst(3)).map(node))
        default: throw VectorFormError(description: "unknown control record \(text)")
        }
    }

    static func text(_ batch: RaftBatch) -> String {
        guard case .control(let records) = batch.content else { return range(of: batch) }
        return "\(range(of: batch)):\(records.map { text($0) }.joined(separator: "+"))"
    }

    static func range(of batch: RaftBatch) -> String {
        "\(batch.baseOffset)..\(batch.endOffset - 1)@\(batch.epoch)"
    }

    private static func text(_ record: RaftControlRecord) -> String {
        switch record {
        case .kraftVersion(let version): "version(\(version))"
        case .voters(let voters): "voters(\(joined(voters.voters.map { text($0) })))"
        case .leaderChange(let leader, let voters, let grantedBy):
            "leader(\(text(leader));voters=\(joined(voters.map { text($0) }))"
                + ";by=\(joined(grantedBy.map { text($0) })))"
        }
    }

    private static func joined(_ texts: [String]) -> String { texts.joined(separator: "+") }

    /// `11@1(kraft1;voters(1:D1+3:D3);size=227)`
    static func snapshot(_ text: Substring) throws -> RaftSnapshot {
        let (id, rest) = VectorText.halves(text, at: "(")
        let inside = rest?.dropLast() ?? ""
        guard let semicolon = inside.lastIndex(of: ";") else {
            throw VectorFormError(description: "\(text) is no snapshot")
        }
        let size = inside[inside.index(after: semicolon)...].dropFirst(5)
        return try snapshot(
            position(id), holding: inside[..<semicolon], size: VectorText.int(size))
    }

    /// `kraft1;voters(1:D1+3:D3)`
    static func snapshot(
        _ id: OffsetAndEpoch, holding text: Substring, size: Int64
    ) throws -> RaftSnapshot {
        let (version, voters) = VectorText.halves(text, at: ";")
        return RaftSnapshot(
            id: id, kraftVersion: try VectorText.int(version.dropFirst(5)),
            voters: try voters.map { VoterSet(try parts($0.dropFirst(7).dropLast()).map(voter)) },
            sizeInBytes: size)
    }

    static func holdings(of snapshot: RaftSnapshot) -> String {
        let voters = snapshot.voters.map { ";voters(\(joined($0.voters.map { text($0) })))" }
        return "kraft\(snapshot.kraftVersion)\(voters ?? "")"
    }
}
