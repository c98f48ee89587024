import Kernel

@testable import Kafka

/// Two controllers over one metadata log, for stories. Commands, each with what it says:
///
///     cluster [elr] [unclean] [manual] [min-isr=2] [with=FIX,…]   controller 3000 is active
///     brokers 1 2 3              registers them, and each says that it is caught up
///     register 2 [clean]         the process starts anew, after a clean stop or not
///     heartbeat 1 [fence] [shutdown] [lost-disk] [behind]
///     pass 9001 [beating 1 2]    so many milliseconds go by; then these beat
///     fence | balance | elect-unclean     one run of that task
///     topic foo 1,2,3 1,3,2 [key=value]   a topic with one replica list for each partition
///     delete foo
///     isr foo-0 1,2 [by 2]       the leader (or broker 2) wants this ISR
///     elect preferred|unclean foo-0
///     reassign foo-0 3,4|cancel
///     config topic:foo|cluster|node:1 key=value
///     unregister 2
///     commit                     what has been written is committed
///     failover                   the other controller becomes active
///     show foo-0 | broker 1 | reassignments
struct ControllerStage: InteractionStage {
    private var controllers: [Controller] = []
    private var active = 0
    private var epoch: Int32 = 1
    private var now = Instant.zero
    private var log: [MetadataRecord] = []
    private var committedEnd = 0
    private var commitsAtOnce = true
    /// The cluster before the present command.
    private var before = MetadataImage()
    private var choices = Choices(seed: 1)
    private var tokens: UInt64 = 0
    private var incarnations: UInt64 = 0
    private var said: [String] = []
    /// Quiet while a command sets the stage.
    private var isQuiet = false

    init() {}

    mutating func perform(_ command: InteractionCommand) throws -> [String] {
        said = []
        isQuiet = command.verb == "brokers" || command.verb == "cluster"
        switch command.verb {
        case "cluster": try start(command)
        case "brokers":
            for index in command.words.indices {
                let broker = NodeID(try command.int(index))
                register(broker, isClean: false)
                ask(.heartbeat(heartbeat(broker)))
            }
        case "register": register(NodeID(try command.int(0)), isClean: command.has("clean"))
        case "heartbeat": try beat(command)
        case "pass": try pass(command)
        case "fence": run(.fenceStaleBroker)
        case "balance": run(.balanceLeaders)
        case "elect-unclean": run(.electUncleanLeaders)
        case "commit": commit()
        case "failover": failover()
        case "show": try show(command)
        default: ask(try request(command))
        }
        return said
    }

    private var image: MetadataImage { controllers[active].image }

    private mutating func say(_ line: String) {
        if !isQuiet { said.append(line) }
    }
}

// MARK: - The stage

extension ControllerStage {
    private mutating func start(_ command: InteractionCommand) throws {
        var settings = ControllerSettings()
        settings.controllers = [NodeID(3000), NodeID(3001)]
        settings.minInSyncReplicas = Int(command.value("min-isr") ?? "2") ?? 2
        settings.uncleanLeaderElection = command.has("unclean")
        settings.bootstrapFeatures = [FeatureLevel(.metadataVersion, 30)]
        if command.has("elr") {
            settings.bootstrapFeatures.append(FeatureLevel(.eligibleLeaderReplicasVersion, 1))
        }
        var generation = Generation.current
        for name in command.value("with")?.split(separator: ",") ?? [] {
            guard let fix = Fix.allCases.first(where: { $0.name == name }) else {
                throw InteractionCommand.NotUnderstood(description: "no fix \(name)")
            }
            generation.insert(fix)
        }
        let previous = self
        self = ControllerStage()
        isQuiet = previous.isQuiet
        controllers = settings.controllers.map { id in
            Controller(
                id: id, actor: ActorID(UInt32(id.rawValue)), settings: settings,
                generation: generation)
        }
        send(.becomeActive(epoch: 1, nextOffset: 0))
        commit()
        commitsAtOnce = !command.has("manual")
    }

    private mutating func send(_ input: ControllerInput) {
        var effects = ControllerEffects()
        before = image
        controllers[active].receive(input, at: now, &choices, &effects)
        for effect in effects.items { tell(effect) }
        if commitsAtOnce { commit() }
    }

    private mutating func tell(_ effect: ControllerEffect) {
        switch effect {
        case .append(let records, let firstOffset, _):
            log += records
            for (index, record) in records.enumerated() {
                var names = image
                if case .removeTopic = record { names = before }
                say("write \(firstOffset + Int64(index)): \(record.words(in: names))")
            }
        case .reply(let reply, _): say("answer: \(words(reply))")
        case .resign(_, let reason): say("resign: \(reason.rawValue)")
        case .taskFailed(_, let reason): say("failed: \(reason.rawValue)")
        case .setTimer: break
        }
    }

    private mutating func commit() {
        let new = Array(log[committedEnd...])
        let first = Int64(committedEnd)
        committedEnd = log.count
        var effects = ControllerEffects()
        for index in controllers.indices {
            controllers[index].receive(
                .committed(new, firstOffset: first, endOffset: Int64(committedEnd)), at: now,
                &choices, &effects)
        }
        for effect in effects.items { tell(effect) }
    }

    private mutating func failover() {
        let old = commitsAtOnce
        commitsAtOnce = false
        send(.becomeStandby)
        log.removeLast(log.count - committedEnd)
        active = 1 - active
        epoch += 1
        send(.becomeActive(epoch: epoch, nextOffset: Int64(log.count)))
        commitsAtOnce = old
    }

    private mutating func ask(_ request: ControllerRequest) {
        tokens += 1
        send(.request(request, from: ReplyToken(tokens)))
    }

    private mutating func run(_ task: ControllerTask) {
        let before = said.count
        send(.timer(task))
        if said.count == before { say("nothing to do") }
    }

    private mutating func pass(_ command: InteractionCommand) throws {
        now = now + .milliseconds(try command.int(0))
        guard command.words.count > 2 else { return }
        for index in 2..<command.words.count {
            isQuiet = true
            ask(.heartbeat(heartbeat(NodeID(try command.int(index)))))
            isQuiet = false
        }
    }
}

// MARK: - Requests

extension ControllerStage {
    private func disk(of broker: NodeID) -> DirectoryID {
        DirectoryID(1_000 + UInt64(broker.rawValue))
    }

    private func heartbeat(_ broker: NodeID) -> BrokerHeartbeatRequest {
        BrokerHeartbeatRequest(
            broker: broker, epoch: image.brokers[broker]?.epoch ?? -1,
            metadataOffset: Int64(log.count) - 1)
    }

    private mutating func register(_ broker: NodeID, isClean: Bool) {
        incarnations += 1
        ask(
            .registerBroker(
                BrokerRegistrationRequest(
                    broker: broker, clusterID: "cluster",
                    incarnation: IncarnationID(incarnations),
                    previousEpoch: isClean ? image.brokers[broker]?.epoch : nil,
                    endpoint: Endpoint(host: broker), directories: [disk(of: broker)])))
    }

    private mutating func beat(_ command: InteractionCommand) throws {
        let broker = NodeID(try command.int(0))
        var request = heartbeat(broker)
        request.wantsFence = command.has("fence")
        request.wantsShutdown = command.has("shutdown")
        if command.has("lost-disk") { request.offlineDirectories = [disk(of: broker)] }
        if command.has("behind") { request.metadataOffset -= 1 }
        ask(.heartbeat(request))
    }

    private func list(_ text: String) -> [NodeID] {
        text.split(separator: ",").compactMap { Int32($0).map(NodeID.init) }
    }

    private func partition(_ text: String) throws -> (topic: String, number: Int32) {
        guard let hyphen = text.lastIndex(of: "-"), let number = Int32(text[hyphen...].dropFirst())
        else { throw InteractionCommand.NotUnderstood(description: "\(text) is no partition") }
        return (String(text[..<hyphen]), number)
    }

    private func request(_ command: InteractionCommand) throws -> ControllerRequest {
        switch command.verb {
        case "topic":
            let assignments = command.words.dropFirst().enumerated().map { index, word in
                CreateTopicsRequest.Assignment(Int32(index), list(word))
            }
            let configs = command.fields.map { CreateTopicsRequest.Setting($0.name, $0.value) }
            return .createTopics(
                CreateTopicsRequest([
                    .init(try command.word(0), assignments: assignments, configs: configs)
                ]))
        case "delete": return .deleteTopics([image.topicIDs[try command.word(0)] ?? .zero])
        case "unregister": return .unregisterBroker(NodeID(try command.int(0)))
        case "isr": return .alterPartition(try alterPartition(command))
        case "elect":
            let (topic, number) = try partition(command.word(1))
            let kind: ElectLeadersRequest.Kind = command.has("unclean") ? .unclean : .preferred
            return .electLeaders(
                ElectLeadersRequest(kind, of: [TopicPartitions(topic, [number])]))
        case "reassign":
            let (topic, number) = try partition(command.word(0))
            let target = try command.word(1)
            return .alterReassignments(
                AlterPartitionReassignmentsRequest([
                    .init(topic, number, to: target == "cancel" ? nil : list(target))
                ]))
        case "config": return .alterConfigs([try configAlteration(command)])
        default: throw InteractionCommand.NotUnderstood(description: "no command \(command.verb)")
        }
    }

    private func alterPartition(_ command: InteractionCommand) throws -> AlterPartitionRequest {
        let (topic, number) = try partition(command.word(0))
        let id = TopicIDPartition(image.topicIDs[topic] ?? .zero, number)
        let current = image.partition(id)
        let sender = command.has("by") ? NodeID(try command.int(3)) : current?.leader ?? .noLeader
        let isr = list(try command.word(1)).map { AlterPartitionRequest.Member($0, epoch: nil) }
        return AlterPartitionRequest(
            broker: sender, epoch: image.brokers[sender]?.epoch ?? -1,
            partitions: [
                .init(
                    id, leaderEpoch: current?.leaderEpoch ?? 0,
                    partitionEpoch: current?.partitionEpoch ?? 0, isr: isr)
            ])
    }

    private func configAlteration(_ command: InteractionCommand) throws -> ConfigAlteration {
        let parts = try command.word(0).split(separator: ":").map(String.init)
        let resource: ConfigResource =
            switch parts[0] {
            case "topic": .topic(parts[1])
            case "node": .broker(NodeID(Int32(parts[1]) ?? -1))
            default: .cluster
            }
        return ConfigAlteration(
            resource, command.fields.map { .init($0.name, .set($0.value)) })
    }
}

// MARK: - Words

extension ControllerStage {
    private mutating func show(_ command: InteractionCommand) throws {
        switch try command.word(0) {
        case "broker":
            let id = NodeID(try command.int(1))
            guard let broker = image.brokers[id] else { return say("not registered") }
            say(
                "epoch=\(broker.epoch) " + (broker.isFenced ? "fenced" : "unfenced")
                    + (broker.inControlledShutdown ? " in controlled shutdown" : ""))
        case "reassignments":
            ask(.listReassignments(nil))
        default:
            let (topic, number) = try partition(command.word(0))
            let partition = image.topic(named: topic)?.partitions[number]
            say(partition?.words ?? "no such partition")
        }
    }

    private func words(_ reply: ControllerReply) -> String {
        switch reply {
        case .failed(let error): return error.name
        case .registered(let epoch): return "epoch \(epoch)"
        case .heartbeat(let reply):
            if reply.shouldShutDown { return "shut down" }
            let state = reply.isFenced ? "fenced" : "unfenced"
            let shutdown = reply.inControlledShutdown ? ", in controlled shutdown" : ""
            return state + shutdown + (reply.isCaughtUp ? "" : ", not caught up")
        case .alterPartition(let replies):
            guard case .failed(let error) = replies[0] else { return "NONE" }
            return error.name
        case .createTopics(let replies):
            guard case .failed(let error) = replies[0] else { return "NONE" }
            return error.name
        case .outcomes(let errors), .assignReplicas(let errors): return errors[0].name
        case .electLeaders(let replies): return replies.first?.error.name ?? "NONE"
        case .producerIDs(let start, let count): return "\(start) ..< \(start + Int64(count))"
        case .reassignments(let all):
            return all.isEmpty
                ? "none" : all.map { "\($0.topic)-\($0.partition)" }.joined(separator: ", ")
        case .done: return "NONE"
        }
    }
}
