import Kafka

/// Who and what can be in the cluster, for finding targets that cannot be meant. Where numbers are
/// open it is as large as they can become.
struct Roster: Hashable, Sendable {
    /// A topic, and how many partitions it can come to have.
    struct Topic: Hashable, Sendable {
        var name: String
        var partitions: Int64
    }

    var controllers: ClosedRange<Int>
    var standbys: ClosedRange<Int>
    var observers: ClosedRange<Int>
    /// Up to 0: a bare quorum.
    var brokers: ClosedRange<Int> = 0...0
    /// The first brokers are the controllers.
    var isCombined = false
    /// Those that are there from the start, and those that a step creates.
    var topics: [Topic] = []
    /// Brokers make topics that somebody asks for: there is no telling which.
    var hasOtherTopics = false
    var producers: [String] = []
    var consumers: [String] = []

    var isCluster: Bool { brokers.upperBound > 0 }

    /// Controllers have numbers of their own above those of all brokers: 101, 102, …
    var controllerBase: Int {
        guard isCluster, !isCombined else { return 0 }
        var base = 100
        while base < brokers.upperBound { base *= 10 }
        return base
    }

    /// Node ids that are voters from the start in some run.
    var voterIDs: ClosedRange<Int> {
        (controllerBase + 1)...(controllerBase + controllers.upperBound)
    }

    /// Those that are controllers in some run.
    var controllerIDs: ClosedRange<Int> {
        (controllerBase + 1)...(controllerBase + controllers.upperBound + standbys.upperBound)
    }

    /// Those that are observers in some run.
    var observerIDs: ClosedRange<Int>? {
        guard !isCluster, observers.upperBound > 0 else { return nil }
        let first = controllers.lowerBound + standbys.lowerBound + 1
        return first...(controllerIDs.upperBound + observers.upperBound)
    }

    /// Those that are brokers in some run; in a bare quorum that is another word for observers.
    var brokerIDs: ClosedRange<Int>? { isCluster ? 1...brokers.upperBound : observerIDs }

    private func isNode(_ id: Int) -> Bool {
        controllerIDs.contains(id) || brokerIDs?.contains(id) == true
            || !isCluster && (1...(controllerIDs.upperBound + observers.upperBound)).contains(id)
    }

    /// The node, if there may be one of that kind; otherwise why not.
    func find(_ kind: String, _ number: Int64, at offset: Int) throws(Complaint) -> NodeID {
        let ids = ids(of: kind)
        guard let ids else {
            throw Complaint("there is no \(kind) \(number): the cluster has none", offset: offset)
        }
        if let id = Int(exactly: number) {
            if kind == "node", isNode(id) { return NodeID(Int32(id)) }
            if kind != "node", ids.contains(id) { return NodeID(Int32(id)) }
            // The first controller by its number among controllers.
            let isController = kind == "controller" || kind == "voter"
            if isController, id > 0, id <= ids.count, controllerBase > 0 {
                return NodeID(Int32(controllerBase + id))
            }
        }
        let its = other(number).map { "\(number) is \($0), " } ?? ""
        throw Complaint(
            "there is no \(kind) \(number): \(its)\(list(kind, ids))", offset: offset)
    }

    private func ids(of kind: String) -> ClosedRange<Int>? {
        switch kind {
        case "voter": voterIDs
        case "controller": controllerIDs
        case "node":
            1...max(
                controllerIDs.upperBound + observers.upperBound, brokerIDs?.upperBound ?? 1)
        case "observer": observerIDs
        default: brokerIDs
        }
    }

    private func list(_ kind: String, _ ids: ClosedRange<Int>) -> String {
        if kind == "node", controllerBase > 0 {
            return "the brokers are \(words(1...brokers.upperBound)), "
                + "the controllers \(words(controllerIDs))"
        }
        return ids.count == 1
            ? "the only \(kind) is \(ids.lowerBound)" : "the \(kind)s are \(words(ids))"
    }

    private func other(_ number: Int64) -> String? {
        guard let id = Int(exactly: number) else { return nil }
        if isCluster {
            if voterIDs.contains(id) { return "a controller" }
            if controllerIDs.contains(id) { return "a standby controller" }
            return brokerIDs?.contains(id) == true ? "a broker" : nil
        }
        if voterIDs.contains(id) { return "a voter" }
        if controllerIDs.contains(id) { return "a standby controller" }
        return observerIDs?.contains(id) == true ? "an observer" : nil
    }

    private func words(_ ids: ClosedRange<Int>) -> String {
        guard ids.count <= 5 else { return "\(ids.lowerBound) to \(ids.upperBound)" }
        guard ids.count > 1 else { return "\(ids.lowerBound)" }
        return ids.dropLast().map(String.init).joined(separator: ", ") + " and \(ids.upperBound)"
    }
}

// MARK: - Topics and clients by name

extension Roster {
    var clients: [String] { producers + consumers }

    /// What a text says of a topic: `orders`, `orders-0`, `orders-0@12`.
    struct Mention: Hashable, Sendable {
        var topic: String
        var partition: Int32?
        var offset: Int64?
    }

    /// Nil: it does not look like a topic or a partition.
    func mention(in text: String, at offset: Int) throws(Complaint) -> Mention? {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        var recordOffset: Int64?
        if parts.count == 2 {
            guard let number = natural(parts[1]) else {
                throw Complaint("\(shown(parts[1])) is not an offset", offset: offset)
            }
            recordOffset = Int64(number)
        }
        if topics.contains(where: { $0.name == name }) {
            return Mention(topic: name, offset: recordOffset)
        }
        guard let dash = name.lastIndex(of: "-"), dash > name.startIndex,
            let number = natural(name[name.index(after: dash)...])
        else { return nil }
        let topic = String(name[..<dash])
        guard let known = topics.first(where: { $0.name == topic }) else {
            if hasOtherTopics, number <= 100_000 {
                return Mention(topic: topic, partition: Int32(number), offset: recordOffset)
            }
            throw unknownTopic(topic, at: offset)
        }
        guard Int64(number) < known.partitions else {
            throw Complaint(absence(of: Int64(number), from: known), offset: offset)
        }
        return Mention(topic: topic, partition: Int32(number), offset: recordOffset)
    }

    func absence(of partition: Int64, from topic: Topic) -> String {
        let last = topic.partitions - 1
        let list = last == 0 ? "only partition 0" : "partitions 0 to \(last)"
        return "there is no \(topic.name)-\(partition): \(topic.name) has \(list)"
    }

    func unknownTopic(_ topic: String, at offset: Int? = nil) -> Complaint {
        Complaint(
            "there is no topic \(shown(topic)): say it in [topic.\(topic)], "
                + "or have a step create it",
            nearest: nearestWord(to: topic, among: topics.map(\.name)), offset: offset)
    }
}
