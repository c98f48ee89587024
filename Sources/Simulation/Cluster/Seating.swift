import Kafka
import Kernel

/// Which lanes there are and in which process each is. Fixed for the whole run.
struct Seating: Sendable {
    /// By lane.
    private(set) var seats: [(seat: Seat, process: Int)] = []
    /// By process.
    private var lanesOfProcess: [[Int]]
    /// By process: the place of its broker among the brokers.
    private var brokerOfProcess: [Int?]
    private(set) var brokers: [Int] = []
    private(set) var controllers: [Int] = []
    private(set) var producers: [Int] = []
    private(set) var consumers: [Int] = []
    private(set) var administrator: Int?

    init(_ configuration: WorldConfiguration) {
        lanesOfProcess = Array(repeating: [], count: configuration.processCount)
        brokerOfProcess = Array(repeating: nil, count: configuration.processCount)
        guard let cluster = configuration.cluster else { return }
        for place in configuration.nodes.indices where configuration.nodes[place].canBecomeVoter {
            controllers.append(add(.controller(controllers.count), to: place))
        }
        for place in configuration.nodes.indices where configuration.nodes[place].isBroker {
            brokerOfProcess[place] = brokers.count
            brokers.append(add(.broker(brokers.count), to: place))
        }
        var place = configuration.nodes.count
        for index in cluster.producers.indices {
            producers.append(add(.producer(index), to: place))
            place += 1
        }
        for index in cluster.consumers.indices {
            consumers.append(add(.consumer(index), to: place))
            place += 1
        }
        administrator = add(.administrator, to: place)
    }

    private mutating func add(_ seat: Seat, to process: Int) -> Int {
        seats.append((seat, process))
        lanesOfProcess[process].append(seats.count - 1)
        return seats.count - 1
    }

    func lanes(of process: Int) -> [Int] { lanesOfProcess[process] }

    /// The broker of a process, by its place among the brokers.
    func broker(in process: Int) -> Int? { brokerOfProcess[process] }

    func controllerLane(in process: Int) -> Int? {
        lanesOfProcess[process].first {
            if case .controller = seats[$0].seat { true } else { false }
        }
    }

    func brokerLane(in process: Int) -> Int? {
        lanesOfProcess[process].first {
            if case .broker = seats[$0].seat { true } else { false }
        }
    }
}

extension WorldConfiguration {
    /// Nodes of the quorum, then producers, consumers, and the administrator.
    var processCount: Int {
        guard let cluster else { return nodes.count }
        return nodes.count + cluster.producers.count + cluster.consumers.count + 1
    }

    /// What the trace calls a process.
    func name(of place: Int) -> String {
        if place < nodes.count {
            let its = nodes[place]
            let role = its.isBroker ? "broker-" : its.canBecomeVoter ? "controller-" : "broker-"
            return role + String(its.id.rawValue)
        }
        guard let cluster else { return "nobody" }
        let client = place - nodes.count
        if client < cluster.producers.count { return cluster.producers[client].name }
        let consumer = client - cluster.producers.count
        if consumer < cluster.consumers.count { return cluster.consumers[consumer].name }
        return "admin"
    }
}

extension WorldConfiguration {
    /// Clients draw by their names, so that one more does not change the luck of the others.
    func actor(of place: Int) -> ActorID {
        place < nodes.count
            ? ActorID(UInt32(bitPattern: nodes[place].id.rawValue))
            : actor(ofClient: name(of: place))
    }

    func actor(ofClient name: String) -> ActorID {
        var fingerprint = Fingerprint()
        for byte in name.utf8 { fingerprint.combine(UInt64(byte)) }
        return ActorID(0x4000_0000 | UInt32(truncatingIfNeeded: fingerprint.value) & 0x0fff_ffff)
    }

    /// What a process is called in notes about others: clients have numbers below zero.
    func id(of place: Int) -> NodeID {
        place < nodes.count ? nodes[place].id : NodeID(Int32(nodes.count - place - 2))
    }

    /// Who is called so; nil: nobody is.
    func place(of id: NodeID) -> Int? {
        if id.rawValue >= 0 { return nodes.firstIndex { $0.id == id } }
        let place = nodes.count - Int(id.rawValue) - 2
        return place >= nodes.count && place < processCount ? place : nil
    }

    func clockAhead(of place: Int) -> Interval {
        if place < nodes.count { return nodes[place].clockAhead }
        guard let client = client(at: place) else { return .zero }
        return client.clockAhead
    }

    func isClient(_ place: Int) -> Bool { place >= nodes.count && place < processCount - 1 }

    func start(of place: Int) -> Instant {
        place < nodes.count ? beginsAt : client(at: place)?.startsAt ?? beginsAt
    }

    private func client(at place: Int) -> (startsAt: Instant, clockAhead: Interval)? {
        guard let cluster else { return nil }
        let index = place - nodes.count
        if index < cluster.producers.count {
            return (cluster.producers[index].startsAt, cluster.producers[index].clockAhead)
        }
        let consumer = index - cluster.producers.count
        guard consumer < cluster.consumers.count else { return nil }
        return (cluster.consumers[consumer].startsAt, cluster.consumers[consumer].clockAhead)
    }
}
