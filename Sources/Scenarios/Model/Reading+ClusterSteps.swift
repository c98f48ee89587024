import Kafka
import Kernel
import Simulation
import TOML

/// Steps that only a cluster with brokers can do: what clients and administrators do, and what
/// becomes of a broker's threads.
extension Reading {
    /// Nil: it is none of these, or cannot be read.
    mutating func readClusterAction(
        _ verb: Schema.Verb, _ table: inout TableReader, _ roster: Roster,
        _ context: inout StepContext
    ) -> Step.Action? {
        guard roster.isCluster else {
            report(
                "\(shown(verb.name)) needs brokers: say in [cluster] how many, brokers = 3",
                at: table.keyPosition(of: verb.name))
            for key in verb.companions + [verb.name] { _ = table.take(key) }
            return nil
        }
        switch verb.name {
        case "send": return readSend(&table, roster, until: context.end)
        case "flush", "close", "seek", "assign", "mute", "unmute", "look-up":
            return readTell(verb.name, &table, roster)
        case "hold":
            let points: [(String, YieldPoints)] = [
                ("noting", .beforeFollowerUpdate), ("joining", .beforeExpansion),
            ]
            let target = table.read("hold", as: .target(roster), &self)
            let point = table.require("point", as: .word("point", points), &self)
            guard let target, let point else { return nil }
            return .fault(.hold(target, at: point))
        case "create":
            let name = table.read("create", as: .newTopic, &self)
            let entrance: Step.Entrance =
                table.read("through", as: .word("way"), &self) ?? .controllers
            let patience = table.read("tries-for", as: .positiveDuration, &self)
            let topic = readTopic(name ?? "", &table, roster, &context.idleSettings)
            return name == nil
                ? nil : .manage(.createTopic(topic), through: entrance, within: patience)
        case "describe":
            return table.read("describe", as: .question(roster), &self).map {
                .manage(.describe($0), through: .brokers)
            }
        case "configure": return readConfigure(&table, roster)
        case "reassign": return readReassign(&table, roster)
        case "prefer":
            let target = table.read("prefer", as: .target(roster), &self)
            let partition = table.require("of", as: .partition(roster), &self)
            guard let target, let partition else { return nil }
            return .prefer(target, partition)
        case "mark-clean":
            return table.read("mark-clean", as: .target(roster), &self).map { .markClean($0) }
        default: return readOrder(verb.name, &table, roster)
        }
    }

    // MARK: Clients

    private mutating func readSend(
        _ table: inout TableReader, _ roster: Roster, until end: Instant
    ) -> Step.Action? {
        let target = readClient("send", &table, roster)
        if !table.has("to") { _ = table.require("to", as: .topic(roster), &self) }
        let order = readOrder(&table, "to", roster, until: end)
        guard let target, let order else { return nil }
        return .send(target, order)
    }

    private mutating func readTell(
        _ verb: String, _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        let target = readClient(verb, &table, roster)
        let order: ClientOrder?
        switch verb {
        case "flush": order = .flush
        case "close": order = .close
        case "assign": order = readPartitions(&table, roster).map { .assign($0) }
        case "mute": order = readPartitions(&table, roster).map { .mute($0) }
        case "unmute": order = readPartitions(&table, roster).map { .unmute($0) }
        case "look-up":
            let partition = table.require("of", as: .partition(roster), &self)
            let end = table.require("offset", as: .word("end of the log"), &self)
                as ClientOrder.End?
            order = if let partition, let end { .lookUp(partition, end) } else { nil }
        default:
            let partition = table.require("of", as: .partition(roster), &self)
            let position = table.require("offset", as: .position, &self)
            order =
                if let partition, let position { .seek(partition, position) } else { nil }
        }
        guard let target, let order else { return nil }
        return .tell(target, order)
    }

    /// Whom a step tells something that only clients do, and some of them only producers.
    private mutating func readClient(
        _ verb: String, _ table: inout TableReader, _ roster: Roster
    ) -> Target? {
        let target = table.read(verb, as: .target(roster), &self)
        let (kind, names, groups): (String, [String], [Target.Group]) =
            switch verb {
            case "send", "flush": ("producers", roster.producers, [.producer, .client])
            case "close": ("clients", roster.clients, [.producer, .consumer, .client])
            default: ("consumers", roster.consumers, [.consumer, .client])
            }
        guard let stranger = target?.stranger(to: names, groups) else { return target }
        report(
            "\(table.path(of: verb)): only \(kind) do that, and \(stranger)",
            at: table.keyPosition(of: verb))
        return nil
    }

    private mutating func readPartitions(
        _ table: inout TableReader, _ roster: Roster
    ) -> [TopicPartitions]? {
        let topics = table.readList("of", as: .topic(roster), &self).map(\.value)
        if !table.has("of") { _ = table.require("of", as: .topic(roster), &self) }
        return topics.isEmpty ? nil : merged(topics)
    }

    // MARK: Administrators

    private mutating func readOrder(
        _ verb: String, _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        let order: AdminOrder?
        switch verb {
        case "delete-topic":
            let topic = table.read(verb, as: .wholeTopic(roster), &self)
            order = topic.map { .deleteTopic($0) }
        case "add-partitions":
            let topic = table.read(verb, as: .wholeTopic(roster), &self)
            let total = table.require("total", as: .integer(in: partitionCounts), &self)
            let replicas = table.read("replicas", as: .assignments(roster), &self)
            order =
                if let topic, let total {
                    .addPartitions(topic, count: Int32(total), assignments: replicas)
                } else { nil }
        case "elect":
            let kinds: [(String, ElectLeadersRequest.Kind)] = [
                ("preferred", .preferred), ("unclean", .unclean),
            ]
            let kind = table.read(verb, as: .word("election", kinds), &self)
            let topic = table.read("of", as: .topic(roster), &self)
            order = kind.map { .elect($0, topic.map { [$0] }) }
        case "delete-records":
            let partition = table.read(verb, as: .partition(roster), &self)
            let before = table.require("before", as: .integer(in: 0 ... .max), &self)
            order =
                if let partition, let before {
                    .deleteRecords(
                        topic: partition.topic, partition: partition.partition, before: before)
                } else { nil }
        case "unregister":
            let brokers = table.read(verb, as: .brokers(roster), &self)
            order = brokers?.first.map { .unregister($0) }
        default: order = readFeature(&table)
        }
        return order.map { .manage($0, through: .controllers) }
    }

    private mutating func readFeature(_ table: inout TableReader) -> AdminOrder? {
        let names = Feature.allCases.map { ($0.name, $0) }
        let feature = table.read("set-feature", as: .word("feature", names), &self)
        let level = table.require("level", as: .integer(in: 0...1_000), &self)
        guard let feature, let level else { return nil }
        // Up or down: the controller refuses what cannot be.
        let update = FeatureUpdate(
            feature, Int16(level), level == 0 ? .safeDowngrade : .upgrade)
        return .updateFeatures([update])
    }

    private mutating func readReassign(
        _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        let partition = table.read("reassign", as: .partition(roster), &self)
        let replicas = table.require("replicas", as: .replicasOrCancel(roster), &self)
        guard let partition, let replicas else { return nil }
        let order = AlterPartitionReassignmentsRequest.Partition(
            partition.topic, partition.partition, to: replicas)
        return .manage(.reassign([order]), through: .controllers)
    }

    /// Values are as an administrator would type them: whether they can be is for Kafka to say.
    private mutating func readConfigure(
        _ table: inout TableReader, _ roster: Roster
    ) -> Step.Action? {
        let resource = table.read("configure", as: .resource(roster), &self)
        let entrance: Step.Entrance =
            table.read("through", as: .word("way"), &self) ?? .brokers
        let kind: SettingKind = if case .topic = resource { .topic } else { .broker }
        let title = table.keyPosition(of: "configure")
        let removed = table.readList("unset", as: .settingName(kind), &self).map(\.value)
        var settings = removed.map { ConfigAlteration.Setting($0, .delete) }
        let before = mistakes
        let rest = table.takeRest()
        guard let resource else { return nil }
        for entry in rest {
            guard Settings.setting(entry.key, of: kind) != nil else {
                table.reportUnknown(
                    entry, alsoKnown: Settings.all(of: kind).map(\.name), &self)
                continue
            }
            let path = table.path(of: entry.key)
            guard let text = read(entry.value, as: .typed, path: path) else { continue }
            settings.append(ConfigAlteration.Setting(entry.key, .set(text)))
        }
        if settings.isEmpty, mistakes == before {
            report("\"configure\" changes no setting: name one, or \"unset\" some", at: title)
        }
        return .manage(
            .alterConfigs([ConfigAlteration(resource, settings)]), through: entrance)
    }
}

/// What reading a step needs to know besides the step, and what it finds.
struct StepContext {
    /// When the run's faults and workloads end.
    var end: Instant
    var idleSettings: [Plan.StepSource] = []
}

// MARK: - Forms

extension Form where Value == ClientOrder.Position {
    static let position = Form("an offset, \"beginning\" or \"end\"") { kind throws(Complaint) in
        switch kind {
        case .integer(let offset):
            guard offset >= 0 else { throw Complaint("an offset is not negative") }
            return .offset(offset)
        case .string("beginning"): return .beginning
        case .string("end"): return .end
        default: return nil
        }
    }
}

extension Form where Value == [NodeID]? {
    /// Nil: the reassignment is cancelled.
    static func replicasOrCancel(_ roster: Roster) -> Form {
        Form("a list of brokers such as [1, 2, 3], or \"cancel\"") { kind throws(Complaint) in
            if case .string("cancel") = kind { return .some(nil) }
            guard let replicas = try Form<[NodeID]>.replicas(roster).read(kind) else { return nil }
            return .some(replicas)
        }
    }
}

extension Form where Value == String {
    static let newTopic = text.checked { name throws(Complaint) in
        guard TopicName.isValid(name) else {
            throw Complaint("\(shown(name)) is no name for a topic")
        }
    }

    static func settingName(_ kind: SettingKind) -> Form {
        text.checked { name throws(Complaint) in
            guard Settings.setting(name, of: kind) != nil else {
                throw Complaint(
                    "unknown setting \(shown(name))",
                    nearest: nearestWord(to: name, among: Settings.all(of: kind).map(\.name)))
            }
        }
    }

    /// As it would stand in a command line.
    static let typed = Form("a value") { kind throws(Complaint) in
        switch kind {
        case .string(let text): text
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let flag): String(flag)
        default: nil
        }
    }
}

extension Form where Value == AdminQuestion {
    /// `"topic orders"`, `"topics"`, `"broker 2"`, `"brokers"`, `"cluster"`, `"reassignments"`.
    static func question(_ roster: Roster) -> Form {
        let resource = Form<ConfigResource>.resource(roster)
        let forms = "\"topic orders\", \"topics\", \"broker 2\", \"brokers\", \"cluster\" or "
            + "\"reassignments\""
        return Form(forms) { kind throws(Complaint) in
            switch kind {
            case .string("cluster"): return .cluster
            case .string("topics"): return .topic(nil)
            case .string("reassignments"): return .reassignments
            default: break
            }
            guard let resource = try resource.read(kind) else { return nil }
            if case .topic(let name) = resource { return .topic(name) }
            return .configs(resource)
        }
    }
}

extension Form where Value == ConfigResource {
    /// `"topic orders"`, `"broker 2"`, `"brokers"`.
    static func resource(_ roster: Roster) -> Form {
        .phrase("\"topic orders\", \"broker 2\" or \"brokers\"") { phrase throws(Complaint) in
            if phrase.take("brokers") || phrase.take("cluster") { return .cluster }
            if phrase.take("topic") {
                let offset = phrase.offset
                guard let name = phrase.next else { throw phrase.expected("the topic's name") }
                let mention = try phrase.takeMention(roster)
                guard let mention, mention.partition == nil else {
                    throw roster.unknownTopic(name, at: offset)
                }
                return .topic(mention.topic)
            }
            guard phrase.next == "broker" || phrase.next == "controller" else {
                throw phrase.expected(
                    "\"topic orders\", \"broker 2\" or \"brokers\"",
                    nearest: phrase.next.flatMap {
                        nearestWord(to: $0, among: ["topic", "broker", "brokers"])
                    })
            }
            guard case .node(let id) = try phrase.parseTarget(roster) else {
                throw Complaint("which one? write \"broker 2\"")
            }
            return .broker(id)
        }
    }
}

extension Target {
    /// Whom it surely means beside these clients, in words; nil: nobody.
    fileprivate func stranger(to names: [String], _ groups: [Group]) -> String? {
        switch self {
        case .client(let name): names.contains(name) ? nil : "\(name) is of the other kind"
        case .any(let group), .every(let group):
            groups.contains(group) ? nil : "a \(group.rawValue) is none"
        case .several(let all): all.lazy.compactMap { $0.stranger(to: names, groups) }.first
        case .node, .controller, .follower, .leader, .replica, .members: "that is a node"
        case .allBut, .same: nil
        }
    }
}
