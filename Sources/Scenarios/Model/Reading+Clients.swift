import Kafka
import Kernel
import Simulation
import TOML

/// Producers and consumers, and the programs around them.
extension Reading {
    /// The names of all clients: steps may be aimed at any of them.
    mutating func findClients(_ document: TOMLTable, _ roster: inout Roster) {
        for kind in ["producer", "consumer"] {
            guard case .table(let clients)? = document[kind]?.kind else { continue }
            for entry in clients.entries {
                if let fault = roster.faultOfName(entry.key) {
                    report("[\(kind).\(entry.key)]: \(fault)", at: entry.keyPosition)
                }
                if kind == "producer" {
                    roster.producers.append(entry.key)
                } else {
                    roster.consumers.append(entry.key)
                }
            }
        }
    }

    mutating func readClients(
        _ file: inout TableReader, _ cluster: inout Cluster, until end: Instant
    ) {
        for (name, table) in file.readNamedTables("producer", &self) {
            var table = table
            let producer = readProducer(name.key, &table, &cluster, until: end)
            cluster.configuration.cluster?.producers.append(producer)
        }
        for (name, table) in file.readNamedTables("consumer", &self) {
            var table = table
            let consumer = readConsumer(name.key, &table, &cluster)
            if let consumer { cluster.configuration.cluster?.consumers.append(consumer) }
        }
    }

    /// What the programs around all clients have.
    private struct Program {
        var startsAt: Instant
        var clockAhead: Interval
        var bootstrap: [NodeID]
    }

    private mutating func readProgram(
        _ table: inout TableReader, _ cluster: Cluster
    ) -> Program {
        let from = table.read("from", as: .duration, &self) ?? .zero
        let waits = table.read("waits", as: .flag, &self) ?? false
        if waits, table.has("from") {
            report(
                "\(table.path(of: "from")): means nothing for a program that waits for a step",
                at: table.keyPosition(of: "from"))
        }
        let ahead = table.read("clock-ahead", as: .signedDuration, &self) ?? .zero
        let all = cluster.configuration.nodes.filter(\.isBroker).map(\.id).sorted()
        let bootstrap = table.read("bootstrap", as: .brokers(cluster.roster), &self)
        return Program(
            startsAt: waits ? .never : .zero + from, clockAhead: ahead,
            bootstrap: bootstrap.map { $0.isEmpty ? all : $0 } ?? all)
    }

    // MARK: Producers

    private mutating func readProducer(
        _ name: String, _ table: inout TableReader, _ cluster: inout Cluster, until end: Instant
    ) -> ProducerConfiguration {
        let program = readProgram(&table, cluster)
        let order = readOrder(&table, "topic", cluster.roster, until: end)
        let epoch = table.read("first-epoch", as: .integer(in: 0...Int64(Int16.max)), &self)
        let sequence = table.read("first-sequence", as: .integer(in: 0...Int64(Int32.max)), &self)
        let given = readClientSettings(&table, .producer, &cluster.idleSettings) { name in
            producerSettingNames.contains(name)
        }
        refuseTransactions(given)
        let generation = cluster.configuration.cluster?.generation ?? .current
        var settings = ProducerSettings()
        _ = check(given.filter { $0.name != "transactional.id" }, .producer) {
            its throws(SettingRefusal) in
            settings = try ProducerSettings(its, generation)
            return its
        }
        settings.bootstrapNodes = program.bootstrap
        settings.firstEpoch = Int16(epoch ?? 0)
        settings.firstSequence = Int32(sequence ?? 0)
        for key in ["first-epoch", "first-sequence"]
        where table.has(key) && !settings.isIdempotent {
            report(
                "\(table.path(of: key)): only an idempotent producer has one",
                at: table.keyPosition(of: key))
        }
        return ProducerConfiguration(
            name, settings: settings, orders: order.map { [$0] } ?? [],
            startsAt: program.startsAt, clockAhead: program.clockAhead)
    }

    private mutating func refuseTransactions(_ given: [GivenSetting]) {
        for setting in given where setting.name == "transactional.id" {
            report("transactional.id: transactions are not simulated yet", at: setting.position)
        }
        for setting in given where setting.name == "partitioner.class" {
            let known = ["RoundRobinPartitioner"]
            if !known.contains(where: { setting.text.hasSuffix($0) }), !setting.text.isEmpty {
                report(
                    "partitioner.class: only RoundRobinPartitioner is simulated, and the one "
                        + "that Kafka takes without this setting",
                    at: setting.position)
            }
        }
    }

    /// What is to be sent: nil if the table does not say where to.
    mutating func readOrder(
        _ table: inout TableReader, _ key: String, _ roster: Roster, until end: Instant
    ) -> SendOrder? {
        let isThere = table.has(key)
        let topic = table.read(key, as: .topic(roster), &self)
        let partition = table.read("partition", as: .integer(in: 0...99_999), &self)
        let every = table.read("every", as: .duration, &self) ?? .zero
        let records = table.read("records", as: .integer(in: 1...1_000_000_000_000), &self)
        let atOnce = table.read("at-once", as: .integer(in: 1...1_000_000), &self) ?? 1
        let until = table.read("until", as: .duration, &self)
        let keys = table.read("keys", as: .keys, &self) ?? []
        let size = table.read("value-size", as: .valueSize, &self)
        let awaits = table.read("awaits", as: .flag, &self) ?? false
        let values = readValues(&table)
        if isThere, records == nil, every == .zero, !table.has("records"), !awaits {
            report(
                "\(table.title) without end needs a pace: say \"every\" or \"records\"",
                at: table.keyPosition(of: key))
        }
        if size != nil, !values.isEmpty {
            report(
                "\(table.path(of: "value-size")): the values are given already",
                at: table.keyPosition(of: "value-size"))
        }
        guard let topic else {
            if !isThere, key == "topic" { reportHomeless(table, key) }
            return nil
        }
        if let partition, let named = topic.partitions?.first, Int64(named) != partition {
            report(
                "\(table.path(of: "partition")): \(shown("\(topic.topic)-\(named)")) says another",
                at: table.keyPosition(of: "partition"))
        }
        if let partition, let known = roster.topics.first(where: { $0.name == topic.topic }),
            partition >= known.partitions
        {
            report(
                "\(table.path(of: "partition")): "
                    + roster.absence(of: partition, from: known),
                at: table.keyPosition(of: "partition"))
        }
        var order = SendOrder(
            to: topic.topic, partition: topic.partitions?.first ?? partition.map { Int32($0) },
            keys: keys, values: values, records: records, every: every, atOnce: Int32(atOnce),
            valueSize: size ?? 10, awaits: awaits)
        order.until = min(end, until.map { .zero + $0 } ?? .never)
        return order
    }

    /// What to send, and not where to.
    private mutating func reportHomeless(_ table: TableReader, _ key: String) {
        guard let stray = Schema.sending.first(where: { table.has($0.name) }) else { return }
        report(
            "\(table.title) has \(shown(stray.name)) and needs \(shown(key)): where to",
            at: table.keyPosition(of: stray.name))
    }

    private mutating func readValues(_ table: inout TableReader) -> [String?] {
        let isTombstone = table.read("tombstone", as: .flag, &self) ?? false
        let values = table.readList("values", as: .text, &self).map(\.value)
        if isTombstone, !values.isEmpty {
            report(
                "\(table.path(of: "tombstone")): a record has a value or it has none",
                at: table.keyPosition(of: "tombstone"))
        }
        return isTombstone ? [nil] : values
    }

    // MARK: Consumers

    private mutating func readConsumer(
        _ name: String, _ table: inout TableReader, _ cluster: inout Cluster
    ) -> ConsumerConfiguration? {
        let program = readProgram(&table, cluster)
        let work = table.read("work", as: .duration, &self) ?? .zero
        let poll = table.read("poll", as: .duration, &self)
        let assigned = table.readList("assign", as: .topic(cluster.roster), &self).map(\.value)
        if let entry = table.take("subscribe") {
            report(
                "\(table.path(of: "subscribe")): groups are not simulated yet: say \"assign\"",
                at: entry.pathPosition)
        } else if !table.has("assign") {
            report("\(table.path) needs \"assign\": what it reads", at: table.position)
        }
        let given = readClientSettings(&table, .consumer, &cluster.idleSettings) { name in
            consumerSettingNames.contains(name)
        }
        for setting in given where setting.name == "group.id" {
            report("group.id: groups are not simulated yet", at: setting.position)
        }
        let checked = check(given.filter { $0.name != "group.id" }, .consumer) {
            settings throws(SettingRefusal) in try settings.checkedConsumer()
        }
        var settings = ConsumerSettings(checked)
        settings.bootstrapNodes = program.bootstrap
        settings.generation = cluster.configuration.cluster?.generation ?? .current
        var consumer = ConsumerConfiguration(
            name, settings: settings, reads: .assigned(merged(assigned)),
            startsAt: program.startsAt,
            clockAhead: program.clockAhead, workTime: work)
        if let poll { consumer.pollTimeout = poll }
        return consumer
    }

    private mutating func readClientSettings(
        _ table: inout TableReader, _ kind: SettingKind, _ idle: inout [Plan.StepSource],
        isEffective: (String) -> Bool
    ) -> [GivenSetting] {
        var nothing: WorldConfiguration?
        return readSettings(&table, of: kind, isEffective: isEffective, raft: &nothing, &idle)
    }
}

/// Partitions of one topic stand together.
func merged(_ parts: [TopicPartitions]) -> [TopicPartitions] {
    var topics: [TopicPartitions] = []
    for part in parts {
        guard let place = topics.firstIndex(where: { $0.topic == part.topic }) else {
            topics.append(part)
            continue
        }
        guard let before = topics[place].partitions, let more = part.partitions else {
            topics[place].partitions = nil
            continue
        }
        topics[place].partitions = before + more.filter { !before.contains($0) }
    }
    return topics
}

/// The settings of a producer that its machine reads.
let producerSettingNames = [
    "acks", "retries", "max.in.flight.requests.per.connection", "linger.ms", "batch.size",
    "buffer.memory", "max.request.size", "max.block.ms", "request.timeout.ms",
    "delivery.timeout.ms", "retry.backoff.ms", "retry.backoff.max.ms", "reconnect.backoff.ms",
    "reconnect.backoff.max.ms", "socket.connection.setup.timeout.ms", "metadata.max.age.ms",
    "enable.idempotence", "transactional.id", "transaction.timeout.ms", "partitioner.class",
    "partitioner.ignore.keys", "partitioner.adaptive.partitioning.enable",
    "partitioner.availability.timeout.ms",
]

/// The settings of a consumer that its machine reads.
let consumerSettingNames = [
    "group.protocol", "auto.offset.reset", "isolation.level", "max.poll.records",
    "fetch.min.bytes", "fetch.max.bytes", "fetch.max.wait.ms", "max.partition.fetch.bytes",
    "check.crcs", "client.rack", "retry.backoff.ms", "retry.backoff.max.ms",
    "reconnect.backoff.ms", "reconnect.backoff.max.ms", "socket.connection.setup.timeout.ms",
    "request.timeout.ms", "default.api.timeout.ms", "metadata.max.age.ms",
    "enable.auto.commit", "auto.commit.interval.ms", "heartbeat.interval.ms",
    "max.poll.interval.ms",
]

extension Roster {
    /// Why a client cannot be called so; nil if it can.
    fileprivate func faultOfName(_ name: String) -> String? {
        let letters = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789-_".unicodeScalars.contains(scalar))
        }
        if name.isEmpty || !letters { return "a name has letters, digits, \"-\" and \"_\"" }
        if natural(name) != nil { return "a name is not a number" }
        if clients.contains(name) { return "another client is called so" }
        if Phrase.isReserved(name) { return "\(shown(name)) means something else in steps" }
        return nil
    }
}

// MARK: - Forms

extension Form where Value == [String?] {
    /// A list of texts, or `"K0..K99"`.
    static let keys = Form("a list of texts, or \"K0..K99\"") { kind throws(Complaint) in
        switch kind {
        case .string(let text): return try row(text)
        case .array(let elements):
            var keys: [String?] = []
            for element in elements {
                guard case .string(let key) = element.kind else { return nil }
                keys.append(key)
            }
            guard !keys.isEmpty else { throw Complaint("there is no key in the list") }
            return keys
        default: return nil
        }
    }

    private static func row(_ text: String) throws(Complaint) -> [String?] {
        let wrong = Complaint("write a list of keys, or a row of them as \"K0..K99\"")
        guard let dots = text.firstRange(of: "..") else { throw wrong }
        let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
        let name = first.prefix { !$0.isASCII || !$0.isNumber }
        guard last.hasPrefix(name), let low = natural(first.dropFirst(name.count)),
            let high = natural(last.dropFirst(name.count)), low <= high, high - low < 100_000
        else { throw wrong }
        return (low...high).map { "\(name)\($0)" }
    }
}

extension Form where Value == Int32 {
    fileprivate static let valueSize = bytes.checked { bytes throws(Complaint) in
        guard bytes <= 1_000_000_000 else { throw Complaint("a value has at most 1GB") }
    }
}

extension Form where Value == [NodeID] {
    /// `"broker 1"`, `"broker 1, broker 2"`, `"brokers"`, the last as an empty list.
    static func brokers(_ roster: Roster) -> Form {
        .phrase("brokers such as \"broker 1, broker 2\"") { phrase throws(Complaint) in
            switch try phrase.parseTarget(roster) {
            case .every(.broker): return []
            case .node(let id): return [id]
            case .several(let targets):
                var ids: [NodeID] = []
                for case .node(let id) in targets { ids.append(id) }
                if ids.count == targets.count { return ids }
            default: break
            }
            throw Complaint("write brokers with their numbers, or \"brokers\"")
        }
    }
}
