import Kafka
import Kernel
import Simulation
import TOML

/// What `heal` takes besides the name of a step.
let healings: [(String, Healing)] = [
    ("all", .all), ("network", .network), ("disks", .disks), ("clocks", .clocks),
    ("requests", .requests), ("processes", .processes),
]

extension Reading {
    /// What the verb of a step does, with the keys that belong to it.
    mutating func readAction(
        _ verb: Schema.Verb, _ table: inout TableReader, _ roster: Roster, _ names: [String],
        _ context: inout StepContext
    ) -> Step.Action? {
        if Schema.clusterVerbs.contains(verb.name) {
            return readClusterAction(verb, &table, roster, &context)
        }
        if roster.isCluster, ["propose", "snapshot"].contains(verb.name) {
            report(
                "\(shown(verb.name)) is for a quorum without brokers: here the controller writes "
                    + "what it has to",
                at: table.keyPosition(of: verb.name))
            _ = table.take(verb.name)
            return nil
        }
        switch verb.name {
        case "heal": return readHealing(&table, names)
        case "propose":
            let records = table.read("propose", as: .integer(in: 1...10_000), &self)
            return records.map { .propose(records: Int($0)) }
        case "drop-request", "delay-request", "lose-reply", "fail-request":
            return readRequestFault(verb.name, &table, roster)
        case "upgrade-kraft-version":
            let version = table.read(verb.name, as: .integer(in: 0...1), &self)
            return version.map { .admin(.upgradeKRaftVersion(Int16($0))) }
        case "describe-quorum", "resign":
            let controller = Form<Target>.word("target", [("controller", .controller)])
            guard table.read(verb.name, as: controller, &self) != nil else { return nil }
            return .admin(verb.name == "resign" ? .resign : .describe)
        default:
            // Without a target the rest is read all the same, for its own mistakes.
            let target = table.read(verb.name, as: .target(roster), &self)
            let action = readTargeted(verb.name, target ?? .same, &table, roster)
            return target == nil ? nil : action
        }
    }

    private mutating func readTargeted(
        _ verb: String, _ target: Target, _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        switch verb {
        case "crash": return .fault(.crash(target))
        case "power-loss": return .fault(.losePower(target))
        case "restart", "start": return .fault(.restart(target))
        case "pause": return .fault(.pause(target))
        case "resume": return .heal(.resume(target))
        case "shut-down": return .fault(.shutDown(target))
        case "move": return .fault(.move(target))
        case "fill-disk": return .fault(.fillDisk(target))
        case "fail-directory":
            let number = table.read("directory", as: .integer(in: 1...100), &self) ?? 1
            return .fault(.failDirectory(target, Int(number)))
        case "lying-disk": return .fault(.lieAboutFlushes(target))
        case "wipe-disk": return .fault(.wipeDisk(target))
        case "replace-disk": return .fault(.replaceDisk(target))
        case "add-voter": return .admin(.addVoter(target))
        case "remove-voter": return .admin(.removeVoter(target))
        case "snapshot": return .admin(.snapshot(target))
        case "flip-bit":
            let place = table.read("place", as: .word("place"), &self) ?? Fault.BitPlace.tail
            return .fault(.flipBit(target, place))
        case "skew-clock":
            let by = table.require("by", as: .signedDuration, &self)
            return by.map { .fault(.skewClock(target, ahead: $0)) }
        case "jump-clock":
            let by = table.require("by", as: .signedDuration, &self)
            return by.map { .fault(.jumpClock(target, by: $0)) }
        case "slow-disk":
            let by = table.require("by", as: .duration, &self)
            return by.map { .fault(.slowDisk(target, by: $0)) }
        default:
            return readNetworkFault(verb, target, &table, roster).map { .fault($0) }
        }
    }

    private mutating func readNetworkFault(
        _ verb: String, _ target: Target, _ table: inout TableReader, _ roster: Roster
    ) -> Fault? {
        if verb == "swizzle" {
            let by = table.require("by", as: .duration, &self)
            let within = table.require("within", as: .positiveDuration, &self)
            guard let by, let within else { return nil }
            return .swizzle(target, by: by, within: within)
        }
        let from = table.read("from", as: .target(roster), &self)
        switch verb {
        case "isolate":
            let direction: Fault.Direction? = table.read(
                "direction", as: .word("direction"), &self)
            let fate: Fault.Fate? = table.read("connections", as: .word("word"), &self)
            return .cut(target, from: from, direction ?? .both, fate ?? .stall)
        case "reset": return .reset(target, from: from)
        case "silence": return .silence(target, from: from)
        case "clog":
            let by = table.require("by", as: .duration, &self)
            return by.map { .clog(target, from: from, by: $0) }
        default:
            preconditionFailure("the schema has a verb \(verb) that nobody reads")
        }
    }

    private mutating func readRequestFault(
        _ verb: String, _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        let api = table.read(verb, as: .requests(roster), &self)
        let sender = table.read("sender", as: .target(roster), &self)
        let receiver = table.read("receiver", as: .target(roster), &self)
        let about =
            roster.isCluster ? table.read("of", as: .topic(roster), &self) : nil
        let first = table.read("first", as: .integer(in: 1...1_000_000_000), &self)
        let count = table.read("count", as: .countOrAll, &self)
        let action: RequestFault.Action
        switch verb {
        case "drop-request": action = .drop
        case "lose-reply": action = .loseReply
        case "fail-request":
            let error = table.require("error", as: .error, &self)
            if case .quorum(let its)?? = api {
                report(
                    "the quorum's own requests cannot be failed: drop \(its.rawValue), or lose "
                        + "its reply",
                    at: table.keyPosition(of: verb))
            }
            guard let error else { return nil }
            action = .fail(error)
        default:
            guard let by = table.require("by", as: .duration, &self) else { return nil }
            action = .delay(by)
        }
        guard let api else { return nil }
        return .fault(
            .disturb(
                RequestFault(
                    api: api, from: sender, to: receiver, about: about, first: Int(first ?? 1),
                    count: count ?? 1, action: action)))
    }

    /// `"all"`, a kind of faults, or the name of an earlier step.
    private mutating func readHealing(
        _ table: inout TableReader, _ names: [String]
    ) -> Step.Action? {
        let named = names.enumerated().filter { !$0.element.isEmpty }.map { index, name in
            (name, Healing.step(index))
        }
        let healing = table.read("heal", as: .word("thing to heal", healings + named), &self)
        return healing.map { .heal($0) }
    }
}

extension Form where Value == RequestFault.API? {
    /// By Kafka's name, or `"any"`. In a cluster the quorum's Fetch is `"quorum Fetch"`, to tell it
    /// from that of followers and consumers.
    static func requests(_ roster: Roster) -> Form {
        var names: [(String, Value)] = RaftAPI.allCases.map { api in
            let isShared =
                roster.isCluster && simulatedAPIs.contains { $0.spokenName == api.rawValue }
            return (isShared ? "quorum \(api.rawValue)" : api.rawValue, .quorum(api))
        }
        if roster.isCluster {
            names += simulatedAPIs.map { ($0.spokenName, .cluster($0)) }
        }
        names.append(("any", nil))
        let known = names
        let word = Form.word("request", known)
        return Form(word.expectation) { kind throws(Complaint) in
            if case .string(let text) = kind, !known.contains(where: { $0.0 == text }),
                APIKey.allCases.contains(where: { $0.spokenName == text })
            {
                throw Complaint(
                    roster.isCluster
                        ? "requests of the kind \(text) are not simulated"
                        : "there is no \(text) in a quorum without brokers")
            }
            return try word.read(kind)
        }
    }
}

/// What brokers, controllers and clients of a cluster ask each other here.
private let simulatedAPIs: [APIKey] = [
    .produce, .fetch, .listOffsets, .metadata, .offsetForLeaderEpoch, .deleteRecords,
    .initProducerID, .describeCluster, .describeTopicPartitions, .describeConfigs, .createTopics,
    .deleteTopics, .createPartitions, .electLeaders, .alterPartitionReassignments,
    .listPartitionReassignments, .incrementalAlterConfigs, .updateFeatures, .unregisterBroker,
    .brokerRegistration, .brokerHeartbeat, .alterPartition, .assignReplicasToDirs,
    .allocateProducerIDs,
]

extension Form where Value == KafkaError {
    static let error = Form(
        "the name of an error such as \"NOT_LEADER_OR_FOLLOWER\""
    ) { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        let errors = KafkaError.allCases.filter { $0 != .none }
        if let error = errors.first(where: { $0.name == text }) { return error }
        throw Complaint(
            "unknown error \(shown(text))",
            nearest: nearestWord(to: text, among: errors.map(\.name)))
    }
}

extension Form where Value == Int? {
    /// A number, or `"all"` for no limit.
    static let countOrAll = Form("an integer from 1, or \"all\"") { kind throws(Complaint) in
        switch kind {
        case .integer(let number):
            guard (1...1_000_000_000).contains(number) else {
                throw Complaint("\(number) is not an integer from 1 to 1000000000")
            }
            return .some(Int(number))
        case .string("all"): return .some(nil)
        default: return nil
        }
    }
}
