import Kafka
import Kernel
import Simulation
import TOML

/// Topics: those that are there from the start, and those that steps make.
extension Reading {
    /// All topics that any step or table may speak of. Mistakes in them are reported where they are
    /// read.
    mutating func findTopics(_ document: TOMLTable, _ roster: inout Roster) {
        guard roster.isCluster else { return }
        if case .table(let topics)? = document["topic"]?.kind {
            for entry in topics.entries {
                guard case .table(let topic) = entry.value.kind else { continue }
                roster.add(entry.key, partitions: partitions(of: topic))
            }
        }
        guard case .array(let steps)? = document["step"]?.kind else { return }
        for step in steps {
            guard case .table(let step) = step.kind else { continue }
            for name in names(in: step["create"]) {
                roster.add(name, partitions: partitions(of: step))
            }
            for name in names(in: step["add-partitions"]) {
                let total = step["total"].flatMap { extent(of: $0, within: partitionCounts) }
                roster.add(name, partitions: total?.upperBound ?? 1)
            }
        }
        roster.hasOtherTopics = isTrue("auto.create.topics.enable", in: document["cluster"])
    }

    private func partitions(of table: TOMLTable) -> Int64 {
        if case .array(let lists)? = table["replicas"]?.kind { return Int64(max(1, lists.count)) }
        let count = table["partitions"].flatMap { extent(of: $0, within: partitionCounts) }
        return count?.upperBound ?? 1
    }

    /// The text, or every text that an opening can become.
    private func names(in value: TOMLValue?) -> [String] {
        switch value?.kind {
        case .string(let text): return [text]
        case .table(let table):
            guard case .array(let elements)? = table["any"]?.kind else { return [] }
            return elements.flatMap { names(in: $0) }
        default: return []
        }
    }

    private func isTrue(_ name: String, in value: TOMLValue?) -> Bool {
        var value = value
        for part in name.split(separator: ".") {
            guard case .table(let table)? = value?.kind else { return false }
            if case .boolean(true)? = table[name]?.kind { return true }
            value = table[String(part)]
        }
        if case .boolean(true)? = value?.kind { return true }
        return false
    }

    mutating func readTopics(_ file: inout TableReader, _ cluster: inout Cluster) {
        for (name, table) in file.readNamedTables("topic", &self) {
            var table = table
            if !TopicName.isValid(name.key) {
                report("\(shown(name.key)) is no name for a topic", at: name.keyPosition)
            }
            let topic = readTopic(name.key, &table, cluster.roster, &cluster.idleSettings)
            cluster.configuration.cluster?.topics.append(topic)
        }
    }

    /// A `[topic.…]`, or what a step says of the topic that it creates.
    mutating func readTopic(
        _ name: String, _ table: inout TableReader, _ roster: Roster,
        _ idle: inout [Plan.StepSource]
    ) -> TopicConfiguration {
        let partitions = table.read("partitions", as: .integer(in: partitionCounts), &self)
        let most = Int64(max(1, min(roster.brokers.upperBound, Int(Int16.max))))
        let factor = table.read("replication.factor", as: .integer(in: 1...most), &self)
        let replicas = table.read("replicas", as: .assignments(roster), &self) ?? []
        for key in ["partitions", "replication.factor"] where !replicas.isEmpty && table.has(key) {
            report(
                "\(table.path(of: key)): follows from \"replicas\"",
                at: table.keyPosition(of: key))
        }
        let settings = readTopicSettings(&table, &idle)
        return TopicConfiguration(
            name, partitions: Int32(partitions ?? 1), replicationFactor: Int16(factor ?? -1),
            assignments: replicas, settings: settings)
    }

    private mutating func readTopicSettings(
        _ table: inout TableReader, _ idle: inout [Plan.StepSource]
    ) -> [CreateTopicsRequest.Setting] {
        var nothing: WorldConfiguration?
        let given = readSettings(
            &table, of: .topic, isEffective: { topicSettingNames.contains($0) }, raft: &nothing,
            &idle)
        do throws(SettingRefusal) {
            _ = try Settings.checkedTopic(given.map { ($0.name, $0.text) })
        } catch {
            blame(error, among: given)
        }
        return given.map { CreateTopicsRequest.Setting($0.name, $0.text) }
    }
}

let partitionCounts: ClosedRange<Int64> = 1...100_000

extension Roster {
    fileprivate mutating func add(_ name: String, partitions: Int64) {
        if let place = topics.firstIndex(where: { $0.name == name }) {
            topics[place].partitions = max(topics[place].partitions, partitions)
        } else {
            topics.append(Topic(name: name, partitions: partitions))
        }
    }
}

// MARK: - Forms

extension Form where Value == [[NodeID]] {
    /// By partition: `[[1, 2, 3], [2, 3, 1]]`.
    static func assignments(_ roster: Roster) -> Form {
        Form("lists of brokers such as [[1, 2, 3], [2, 3, 1]]") { kind throws(Complaint) in
            guard case .array(let lists) = kind, !lists.isEmpty else { return nil }
            var assignments: [[NodeID]] = []
            for list in lists {
                guard let replicas = try Form<[NodeID]>.replicas(roster).read(list.kind) else {
                    throw Complaint("write a list for each partition: [[1, 2, 3], [2, 3, 1]]")
                }
                assignments.append(replicas)
            }
            return assignments
        }
    }
}

extension Form where Value == [NodeID] {
    /// Of one partition: `[1, 2, 3]`.
    static func replicas(_ roster: Roster) -> Form {
        Form("a list of brokers such as [1, 2, 3]") { kind throws(Complaint) in
            guard case .array(let elements) = kind, !elements.isEmpty else { return nil }
            var replicas: [NodeID] = []
            for element in elements {
                guard case .integer(let number) = element.kind else { return nil }
                var complaint: Complaint?
                do throws(Complaint) {
                    let id = try roster.find("broker", number, at: 0)
                    if replicas.contains(id) {
                        complaint = Complaint("broker \(number) stands there twice")
                    }
                    replicas.append(id)
                } catch {
                    complaint = Complaint(error.what)
                }
                if let complaint { throw complaint }
            }
            return replicas
        }
    }
}

extension Form where Value == TopicPartitions {
    /// `"orders"` or `"orders-0"`.
    static func topic(_ roster: Roster) -> Form {
        Form("a topic or a partition such as \"orders-0\"") { kind throws(Complaint) in
            guard case .string(let text) = kind else { return nil }
            guard let mention = try roster.mention(in: text, at: 0) else {
                if roster.hasOtherTopics, TopicName.isValid(text) { return TopicPartitions(text) }
                throw roster.unknownTopic(text)
            }
            guard mention.offset == nil else {
                throw Complaint("did not expect an offset here", offset: 0)
            }
            return TopicPartitions(mention.topic, mention.partition.map { [$0] })
        }
    }
}

extension Form where Value == TopicPartition {
    /// `"orders-0"`.
    static func partition(_ roster: Roster) -> Form {
        Form("a partition such as \"orders-0\"") { kind throws(Complaint) in
            guard let its = try Form<TopicPartitions>.topic(roster).read(kind) else { return nil }
            guard let number = its.partitions?.first else {
                throw Complaint("which partition of \(its.topic)? write \(its.topic)-0")
            }
            return TopicPartition(its.topic, number)
        }
    }
}

extension Form where Value == String {
    /// A topic as a whole.
    static func wholeTopic(_ roster: Roster) -> Form {
        Form("a topic such as \"orders\"") { kind throws(Complaint) in
            guard let its = try Form<TopicPartitions>.topic(roster).read(kind) else { return nil }
            guard its.partitions == nil else {
                throw Complaint("this concerns a topic as a whole: write \"\(its.topic)\"")
            }
            return its.topic
        }
    }
}
