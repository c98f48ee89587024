import Kernel

@testable import Kafka

/// Brokers and one controller over a network on which every message takes a millisecond, without a
/// quorum: what the controller writes is committed, and every broker applies it with the next
/// message.
struct BrokerScene {
    struct Process {
        var broker: Broker?
        var storage: BrokerStorage
        /// Counts its starts: what is under way to an earlier life is lost.
        var life = 0
        /// Up to where it has been told of the metadata log; nil: nothing yet.
        var told: Int?
        /// It learns of nothing that is committed from now on.
        var isBehind = false
        /// The last heartbeat in words.
        var lastHeartbeat = ""
    }

    enum Mail {
        case request(ClusterRequest, from: NodeID, CorrelationID, to: BrokerDestination)
        case reply(ClusterReply, CorrelationID, life: Int)
        case failed(ChannelFailure, CorrelationID, life: Int)
    }

    struct Letter {
        var at: Instant
        var to: NodeID
        var mail: Mail
    }

    enum Asker {
        case broker(NodeID, CorrelationID, life: Int)
        case client(String)
    }

    static let controllerID = NodeID(100)

    var controller: Controller
    var log: [MetadataRecord] = []
    var images = [MetadataImage()]
    var processes = SortedMap<NodeID, Process>()
    var letters: [Letter] = []
    var controllerTimers = TimerTable<ControllerTask>()
    var askers: [Asker] = []
    var choices = Choices(seed: 1)
    var now = Instant.zero
    /// Whom everybody believes to lead the quorum.
    var quorumLeader: NodeID? = BrokerScene.controllerID
    /// Nobody answers there.
    var isControllerStopped = false
    /// Cut off from everybody, without noticing.
    var cut: [NodeID] = []
    let properties: [(name: String, text: String)]
    private(set) var said: [String] = []

    init(brokers: Int, properties: [(name: String, text: String)], settings: ControllerSettings) {
        self.properties = properties
        controller = Controller(id: Self.controllerID, actor: ActorID(100), settings: settings)
        for number in 1...Int32(brokers) {
            processes[NodeID(number)] = Process(
                storage: BrokerStorage(directories: [DirectoryID(1_000 + UInt64(number))]))
        }
        tellController(.becomeActive(epoch: 1, nextOffset: 0))
        said = []
    }

    mutating func say(_ line: String) {
        let milliseconds = String((now - .zero).wholeMilliseconds)
        let padded = String(repeating: "0", count: max(0, 4 - milliseconds.count)) + milliseconds
        said.append("\(padded.dropLast(3)).\(padded.suffix(3)) \(line)")
    }

    mutating func takeSaid() -> [String] {
        defer { said = [] }
        return said
    }

    var image: MetadataImage { images[images.count - 1] }
}

// MARK: - Time

extension BrokerScene {
    mutating func run(for interval: Interval) {
        let end = now + interval
        while let next = nextInstant, next <= end {
            now = max(now, next)
            step()
        }
        now = end
    }

    private var nextInstant: Instant? {
        var next = min(controllerTimers.next, letters.map(\.at).min() ?? .never)
        for process in processes {
            if let broker = process.value.broker { next = min(next, broker.nextDeadline) }
        }
        return next == .never ? nil : next
    }

    private mutating func step() {
        let due = letters.indices.filter { letters[$0].at <= now }
        if let first = due.min(by: { (letters[$0].at, $0) < (letters[$1].at, $1) }) {
            let letter = letters.remove(at: first)
            return deliver(letter)
        }
        if let task = controllerTimers.take(at: now) { return tellController(.timer(task)) }
        for (id, process) in processes {
            if let broker = process.broker, broker.nextDeadline <= now { return tell(id, .wake) }
        }
    }

    private mutating func deliver(_ letter: Letter) {
        switch letter.mail {
        case .request(let request, let sender, let correlation, let destination):
            let life = processes[sender]?.life ?? 0
            askers.append(.broker(sender, correlation, life: life))
            let token = ReplyToken(UInt64(askers.count - 1))
            switch request {
            case .controller(let request):
                tellAbout(request, of: sender)
                tellController(.request(request, from: token))
            case .broker(let request): tell(destination.node, .request(request, from: token))
            }
        case .reply(let reply, let correlation, let life):
            guard processes[letter.to]?.life == life else { return }
            tell(letter.to, .answer(reply, to: correlation))
        case .failed(let failure, let correlation, let life):
            guard processes[letter.to]?.life == life else { return }
            tell(letter.to, .failed(failure, of: correlation))
        }
    }

    private mutating func post(_ mail: Mail, to node: NodeID, after delay: Interval) {
        letters.append(Letter(at: now + delay, to: node, mail: mail))
    }
}

// MARK: - The controller

extension BrokerScene {
    mutating func tellController(_ input: ControllerInput) {
        var effects = ControllerEffects()
        controller.receive(input, at: now, &choices, &effects)
        var isNew = false
        for effect in effects.items {
            switch effect {
            case .append(let records, let firstOffset, _):
                for (index, record) in records.enumerated() {
                    var next = image
                    next.apply(record)
                    let names = if case .removeTopic = record { image } else { next }
                    log.append(record)
                    images.append(next)
                    if record != .noOp {
                        say("write \(firstOffset + Int64(index)): \(record.words(in: names))")
                    }
                    isNew = true
                }
            case .reply(let reply, let token): answer(.controller(reply), token)
            case .setTimer(let task, let instant): controllerTimers.set(task, at: instant)
            case .resign, .taskFailed: preconditionFailure("the controller is at fault")
            }
        }
        guard isNew else { return }
        tellController(.committed([], firstOffset: 0, endOffset: Int64(log.count)))
        for id in processes.map(\.key) { tellMetadata(to: id) }
    }

    mutating func tellMetadata(to id: NodeID) {
        guard let process = processes[id], process.broker != nil, !process.isBehind,
            !cut.contains(id)
        else { return }
        let end = log.count
        guard process.told != end else { return }
        let told = process.told
        processes[id]?.told = end
        let delta = told.map { told -> MetadataDelta in
            var delta = MetadataDelta()
            for index in told..<end { delta.note(log[index], before: images[index]) }
            return delta
        }
        tell(id, .metadata(MetadataUpdate(image, delta: delta, endOffset: Int64(end))))
    }

    private mutating func tellAbout(_ request: ControllerRequest, of sender: NodeID) {
        switch request {
        case .registerBroker(let request):
            let previous = request.previousEpoch.map(String.init) ?? "none"
            say("broker \(sender.rawValue): register, previous epoch \(previous)")
        case .heartbeat(let request):
            var words = "heartbeat"
            if request.wantsFence { words += ", wants the fence" }
            if request.wantsShutdown { words += ", wants to stop" }
            if processes[sender]?.lastHeartbeat != words {
                say("broker \(sender.rawValue): \(words)")
                processes[sender]?.lastHeartbeat = words
            }
        case .alterPartition(let request):
            for partition in request.partitions {
                let isr = partition.isr.map { String($0.broker.rawValue) }.joined(separator: ",")
                let name = image.name(of: partition.partition)
                say("broker \(sender.rawValue): let the ISR of \(name) be \(isr)")
            }
        case .allocateProducerIDs: say("broker \(sender.rawValue): producer ids")
        default: say("broker \(sender.rawValue) forwards \(request.api)")
        }
    }
}

// MARK: - Brokers

extension BrokerScene {
    mutating func start(_ id: NodeID) throws {
        guard let process = processes[id] else { return }
        let settings = BrokerSettings(
            try Settings(.broker, properties).checkedBroker(), clusterID: "cluster",
            endpoint: Endpoint(host: id))
        processes[id]?.life += 1
        processes[id]?.told = nil
        processes[id]?.lastHeartbeat = ""
        processes[id]?.broker = Broker(
            id: id, settings: settings, storage: process.storage,
            actor: ActorID(UInt32(id.rawValue)))
        tell(id, .start)
        tell(id, .controller(quorumLeader))
        tellMetadata(to: id)
    }

    /// The process is gone, and with it what it had not written down.
    mutating func kill(_ id: NodeID) {
        guard let broker = processes[id]?.broker else { return }
        processes[id]?.storage = broker.storage
        processes[id]?.broker = nil
    }

    mutating func setQuorumLeader(_ leader: NodeID?) {
        quorumLeader = leader
        for id in processes.map(\.key) { tell(id, .controller(leader)) }
    }

    mutating func ask(_ id: NodeID, _ request: BrokerRequest, as client: String) {
        askers.append(.client(client))
        tell(id, .request(request, from: ReplyToken(UInt64(askers.count - 1))))
    }

    mutating func tell(_ id: NodeID, _ input: BrokerInput) {
        guard processes[id]?.broker != nil else { return }
        var effects = BrokerEffects()
        processes[id]?.broker?.receive(input, at: now, &choices, &effects)
        for effect in effects.items { perform(effect, of: id) }
    }

    private mutating func perform(_ effect: BrokerEffect, of id: NodeID) {
        switch effect {
        case .send(let request, let destination, let correlation, let timeout):
            send(request, from: id, to: destination, correlation, timeout)
        case .disconnect: break
        case .reply(let reply, let token): answer(.broker(reply), token)
        case .noReply(let token): tellClient(token, "no answer")
        case .close(let token): tellClient(token, "the connection is closed")
        case .suspended(let suspension, _): tell(id, .resume(suspension))
        case .stopped(let isClean):
            say("broker \(id.rawValue): gone" + (isClean ? ", everything flushed" : ""))
            if let broker = processes[id]?.broker { processes[id]?.storage = broker.storage }
            processes[id]?.broker = nil
        case .note(let note):
            if let words = words(note) { say("broker \(id.rawValue): \(words)") }
        }
    }

    private mutating func send(
        _ request: ClusterRequest, from id: NodeID, to destination: BrokerDestination,
        _ correlation: CorrelationID, _ timeout: Interval
    ) {
        let life = processes[id]?.life ?? 0
        let isController = destination.node == Self.controllerID
        let isUp = isController ? !isControllerStopped : processes[destination.node]?.broker != nil
        if cut.contains(id) || cut.contains(destination.node) {
            post(.failed(.timedOut, correlation, life: life), to: id, after: timeout)
        } else if !isUp {
            post(.failed(.unreachable, correlation, life: life), to: id, after: .milliseconds(50))
        } else {
            let mail = Mail.request(request, from: id, correlation, to: destination)
            post(mail, to: destination.node, after: .milliseconds(1))
        }
    }

    private mutating func answer(_ reply: ClusterReply, _ token: ReplyToken) {
        switch askers[Int(token.rawValue)] {
        case .broker(let id, let correlation, let life):
            post(.reply(reply, correlation, life: life), to: id, after: .milliseconds(1))
        case .client(let name):
            guard case .broker(let reply) = reply else { return }
            say("\(name): \(words(reply))")
        }
    }

    private mutating func tellClient(_ token: ReplyToken, _ words: String) {
        if case .client(let name) = askers[Int(token.rawValue)] { say("\(name): \(words)") }
    }
}
