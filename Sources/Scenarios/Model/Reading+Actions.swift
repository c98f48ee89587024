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
        _ verb: Schema.Verb, _ table: inout TableReader, _ roster: Roster, _ names: [String]
    ) -> Step.Action? {
        switch verb.name {
        case "heal": return readHealing(&table, names)
        case "propose":
            let records = table.read("propose", as: .integer(in: 1...10_000), &self)
            return records.map { .propose(records: Int($0)) }
        case "drop-request", "delay-request", "lose-reply":
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
        case "restart": return .fault(.restart(target))
        case "pause": return .fault(.pause(target))
        case "resume": return .heal(.resume(target))
        case "shut-down": return .fault(.shutDown(target))
        case "move": return .fault(.move(target))
        case "fill-disk": return .fault(.fillDisk(target))
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
        let apis = RaftAPI.allCases.map { ($0.rawValue, RaftAPI?.some($0)) } + [("any", nil)]
        let api = table.read(verb, as: .word("request", apis), &self)
        let sender = table.read("sender", as: .target(roster), &self)
        let receiver = table.read("receiver", as: .target(roster), &self)
        let first = table.read("first", as: .integer(in: 1...1_000_000_000), &self)
        let count = table.read("count", as: .countOrAll, &self)
        let action: RequestFault.Action
        switch verb {
        case "drop-request": action = .drop
        case "lose-reply": action = .loseReply
        default:
            guard let by = table.require("by", as: .duration, &self) else { return nil }
            action = .delay(by)
        }
        guard let api else { return nil }
        return .fault(
            .disturb(
                RequestFault(
                    api: api, from: sender, to: receiver, first: Int(first ?? 1),
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
