@testable import Kafka

/// partition-change.vec: one partition, one decision.
struct PartitionChangeAdapter: VectorAdapter {
    private let metadataVersion: MetadataVersion
    private let hasELR: Bool
    private let directoriesEach: Int
    private var line: VectorLine
    private var partition: PartitionRegistration
    private var change: PartitionChange?

    init(case settings: VectorLine) throws {
        guard let version = MetadataVersion(name: String(try settings.text("mv"))) else {
            throw VectorFormError(description: "unknown metadata version")
        }
        metadataVersion = version
        hasELR = try settings.bool("elr")
        directoriesEach = try settings.int("dirsEach")
        line = settings
        partition = PartitionRegistration(replicas: [], isr: [], leader: .noLeader, directories: [])
    }

    static func isEffect(_ line: VectorLine) -> Bool { line.verb == "merged" }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        line = operation
        partition = try registration()
        let rules = PartitionChangeBuilder.Rules(
            metadataVersion: metadataVersion, hasELR: hasELR,
            effectiveMinISR: try line.int("effectiveMinIsr"), generation: .current)
        var builder = PartitionChangeBuilder(partition, rules)
        try ask(&builder)
        let acceptable = try ControllerWords.nodes(line, "acceptable")
        let each = directoriesEach
        change = builder.build(
            mayLead: acceptable.contains,
            defaultDirectory: {
                each == 1 ? ControllerWords.directory(of: $0, "a") : .unassigned
            })
        guard let change else { return "none" }
        partition.apply(change)
        effects.append("merged -> \(ControllerWords.fields(partition))")
        return "change\(ControllerWords.fields(change))"
    }

    private func registration() throws -> PartitionRegistration {
        PartitionRegistration(
            replicas: try ControllerWords.nodes(line, "replicas"),
            isr: try ControllerWords.nodes(line, "isr"),
            elr: try ControllerWords.nodes(line, "elr"),
            lastKnownELR: try ControllerWords.nodes(line, "lastKnownElr"),
            leader: NodeID(try line.int("leader")), leaderEpoch: try line.int("leaderEpoch"),
            partitionEpoch: try line.int("partitionEpoch"),
            recovery: try ControllerWords.recovery(line.text("recovery")),
            adding: try ControllerWords.nodes(line, "adding"),
            removing: try ControllerWords.nodes(line, "removing"),
            directories: try ControllerWords.directories(line, "dirs"))
    }

    private func ask(_ builder: inout PartitionChangeBuilder) throws {
        builder.election =
            switch try line.text("election") {
            case "PREFERRED": .preferred
            case "UNCLEAN": .unclean
            default: .online
            }
        func set(_ name: String, _ field: inout [NodeID]) throws {
            if line.has(name) { field = try ControllerWords.nodes(line, name) }
        }
        try set("targetIsr", &builder.isr)
        try set("targetReplicas", &builder.replicas)
        try set("targetAdding", &builder.adding)
        try set("targetRemoving", &builder.removing)
        if let word = line.value(of: "targetRecovery") {
            builder.recovery = try ControllerWords.recovery(word)
        }
        builder.uncleanShutdown = try ControllerWords.nodes(line, "uncleanShutdown").first
        if let word = line.value(of: "setDir") {
            let (broker, directory) = VectorText.halves(word, at: ":")
            builder.assignment = (
                NodeID(try VectorText.int(broker)), try ControllerWords.directory(directory ?? "")
            )
        }
    }
}

/// reassignment-plan.vec: the arithmetic of a reassignment.
struct ReassignmentPlanAdapter: VectorAdapter {
    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        let isr = try ControllerWords.nodes(operation, "isr")
        switch operation.verb {
        case "plan":
            let plan = ReassignmentPlan(
                from: try ControllerWords.nodes(operation, "current"),
                to: try ControllerWords.nodes(operation, "target"))
            return words(plan.replicas, "replicas") + words(plan.adding, " adding")
                + words(plan.removing, " removing") + " inProgress=\(plan.isInProgress)"
        case "complete":
            guard let done = try plan(operation).completion(withISR: isr) else { return "no" }
            return "yes" + words(done.replicas, " replicas") + words(done.isr, " isr")
        case "revert":
            guard let back = try plan(operation).reverted(withISR: isr) else {
                return "error INVALID_REPLICA_ASSIGNMENT"
            }
            return words(back.replicas, "replicas") + words(back.isr, " isr")
                + " unclean=\(back.isUnclean)"
        default:
            throw VectorFormError(description: "unknown verb")
        }
    }

    private func plan(_ operation: VectorLine) throws -> ReassignmentPlan {
        ReassignmentPlan(
            replicas: try ControllerWords.nodes(operation, "replicas"),
            adding: try ControllerWords.nodes(operation, "adding"),
            removing: try ControllerWords.nodes(operation, "removing"))
    }

    private func words(_ nodes: [NodeID], _ name: String) -> String {
        "\(name)=\(ControllerWords.list(nodes))"
    }
}

/// placement.vec: where the replicas of new partitions go.
struct PlacementAdapter: VectorAdapter {
    private let candidates: [ReplicaPlacement.Candidate]

    init(case settings: VectorLine) throws {
        candidates = try settings.list("brokers").map { word in
            let parts = VectorText.split(word, at: UInt8(ascii: ":"))
            return ReplicaPlacement.Candidate(
                id: NodeID(try VectorText.int(parts[0])),
                rack: parts[1] == "-" ? nil : String(parts[1]), isFenced: parts[2] == "fenced")
        }
    }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        var draws = try operation.list("random").map { try VectorText.int($0, as: Int.self) }[...]
        let draw = { (_: Int) in draws.popFirst() ?? 0 }
        var placement = ReplicaPlacement(candidates, draw: draw)
        let placed = placement.place(
            partitions: try operation.int("partitions"), replicationFactor: try operation.int("rf"),
            draw: draw)
        guard let placed else { return "error INVALID_REPLICATION_FACTOR" }
        return "ok placement=[\(placed.map(ControllerWords.list).joined(separator: ","))]"
    }
}
