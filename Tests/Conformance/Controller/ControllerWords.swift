@testable import Kafka

/// The words of the controller's vector files, in both directions.
enum ControllerWords {
    static func nodes(_ line: VectorLine, _ name: String) throws -> [NodeID] {
        try line.list(name).map { NodeID(try VectorText.int($0)) }
    }

    static func directories(_ line: VectorLine, _ name: String) throws -> [DirectoryID] {
        try line.list(name).map(directory)
    }

    static func list(_ nodes: [NodeID]) -> String {
        "[\(nodes.map { String($0.rawValue) }.joined(separator: ","))]"
    }

    static func list(_ directories: [DirectoryID]) -> String {
        "[\(directories.map(word).joined(separator: ","))]"
    }

    /// `d<broker><letter>`, or one of the reserved ones.
    static func directory(_ word: Substring) throws -> DirectoryID {
        switch word {
        case "UNASSIGNED": return .unassigned
        case "LOST": return .lost
        case "MIGRATING": return .migrating
        default:
            guard word.first == "d", let letter = word.last?.asciiValue else {
                throw VectorFormError(description: "\(word) is not a directory")
            }
            let broker = try VectorText.int(word.dropFirst().dropLast(), as: Int32.self)
            return directory(of: NodeID(broker), Character(UnicodeScalar(letter)))
        }
    }

    static func directory(of broker: NodeID, _ letter: Character) -> DirectoryID {
        DirectoryID(1_000 + UInt64(broker.rawValue) * 256 + UInt64(letter.asciiValue ?? 0))
    }

    static func word(_ directory: DirectoryID) -> String {
        switch directory {
        case .unassigned: return "UNASSIGNED"
        case .lost: return "LOST"
        case .migrating: return "MIGRATING"
        default:
            let number = directory.rawValue - 1_000
            let letter = Character(UnicodeScalar(UInt8(number % 256)))
            return "d\(number / 256)\(letter)"
        }
    }

    static func recovery(_ word: Substring) throws -> LeaderRecoveryState {
        switch word {
        case "RECOVERED": .recovered
        case "RECOVERING": .recovering
        default: throw VectorFormError(description: "\(word) is not a recovery state")
        }
    }

    static func word(_ recovery: LeaderRecoveryState) -> String {
        recovery == .recovered ? "RECOVERED" : "RECOVERING"
    }

    /// The fields that a change sets, each after a blank.
    static func fields(_ change: PartitionChange) -> String {
        var text = ""
        if let leader = change.leader { text += " leader=\(leader.rawValue)" }
        if let isr = change.isr { text += " isr=\(list(isr))" }
        if let elr = change.elr { text += " elr=\(list(elr))" }
        if let last = change.lastKnownELR { text += " lastKnownElr=\(list(last))" }
        if let replicas = change.replicas { text += " replicas=\(list(replicas))" }
        if let adding = change.adding { text += " adding=\(list(adding))" }
        if let removing = change.removing { text += " removing=\(list(removing))" }
        if let recovery = change.recovery { text += " recovery=\(word(recovery))" }
        if let directories = change.directories { text += " dirs=\(list(directories))" }
        return text
    }

    static func fields(_ partition: PartitionRegistration) -> String {
        "replicas=\(list(partition.replicas)) isr=\(list(partition.isr))"
            + " elr=\(list(partition.elr.sorted())) lastKnownElr=\(list(partition.lastKnownELR))"
            + " leader=\(partition.leader.rawValue) leaderEpoch=\(partition.leaderEpoch)"
            + " partitionEpoch=\(partition.partitionEpoch) recovery=\(word(partition.recovery))"
            + " adding=\(list(partition.adding)) removing=\(list(partition.removing))"
            + " dirs=\(list(partition.directories))"
    }
}
