import Kafka
import Kernel
import Simulation
import TOML

/// Single brokers and controllers, and what all of them are told.
extension Reading {
    mutating func readClusterSettings(_ table: inout TableReader, _ cluster: inout Cluster) {
        var world: WorldConfiguration? = cluster.configuration
        cluster.given = readSettings(
            &table, of: .broker, isEffective: { brokerSettingNames.contains($0) }, raft: &world,
            &cluster.idleSettings)
        cluster.configuration = world ?? cluster.configuration
        cluster.configuration.cluster = ClusterConfiguration(
            settings: check(cluster.given, .broker) { settings throws(SettingRefusal) in
                try settings.checkedBroker()
            })
    }

    /// `[broker.2]` and `[controller.1]`.
    mutating func readNodes(_ file: inout TableReader, _ cluster: inout Cluster) {
        for kind in ["broker", "controller"] {
            for (name, table) in file.readNamedTables(kind, &self) {
                var table = table
                let id = find(kind, name, cluster.roster)
                guard cluster.roster.isCluster else {
                    report("[\(kind).\(name.key)] needs brokers", at: name.pathPosition)
                    continue
                }
                readNode(id, kind, &table, &cluster)
            }
        }
    }

    private mutating func find(
        _ kind: String, _ name: TOMLTable.Entry, _ roster: Roster
    ) -> NodeID? {
        do throws(Complaint) {
            guard let number = natural(name.key) else {
                throw Complaint("a \(kind) is called by its number: [\(kind).2]")
            }
            return try roster.find(kind, Int64(number), at: 0)
        } catch {
            report(error.what, nearest: error.nearest, at: name.keyPosition)
            return nil
        }
    }

    private mutating func readNode(
        _ id: NodeID?, _ kind: String, _ table: inout TableReader, _ cluster: inout Cluster
    ) {
        let waits = table.read("waits", as: .flag, &self) ?? false
        let ahead = table.read("clock-ahead", as: .signedDuration, &self) ?? .zero
        let directories =
            kind == "broker"
            ? table.read("directories", as: .integer(in: 1...100), &self) ?? 1 : 1
        var nothing: WorldConfiguration?
        let own = readSettings(
            &table, of: .broker, isEffective: { brokerSettingNames.contains($0) }, raft: &nothing,
            &cluster.idleSettings)
        let settings = check(cluster.given + own, .broker, blaming: own) {
            settings throws(SettingRefusal) in try settings.checkedBroker()
        }
        guard let id, var its = cluster.configuration.cluster else { return }
        if let place = cluster.configuration.nodes.firstIndex(where: { $0.id == id }) {
            cluster.configuration.nodes[place].startsAtOnce = !waits
            cluster.configuration.nodes[place].clockAhead = ahead
            cluster.configuration.nodes[place].directories = Int(directories)
        }
        if its.nodeSettings.contains(where: { $0.node == id }) {
            report("\(table.path): node \(id.rawValue) has its table already", at: table.position)
        }
        its.nodeSettings.append((id, settings))
        cluster.configuration.cluster = its
    }
}

/// The settings of nodes that some machine reads.
let brokerSettingNames: [String] = {
    let own = [
        "broker.rack", "broker.heartbeat.interval.ms", "broker.session.timeout.ms",
        "initial.broker.registration.timeout.ms", "controller.socket.timeout.ms",
        "replica.socket.timeout.ms", "max.incremental.fetch.session.cache.slots",
        "controlled.shutdown.enable", "auto.create.topics.enable", "num.partitions",
        "default.replication.factor", "replica.lag.time.max.ms",
        "replica.high.watermark.checkpoint.interval.ms", "log.flush.offset.checkpoint.interval.ms",
        "log.initial.task.delay.ms", "log.cleaner.enable", "log.cleaner.backoff.ms",
        "log.retention.check.interval.ms", "producer.id.expiration.check.interval.ms",
        "fetch.max.bytes", "replica.selector.class",
        "num.replica.fetchers", "replica.fetch.wait.max.ms", "replica.fetch.min.bytes",
        "replica.fetch.response.max.bytes", "replica.fetch.max.bytes", "replica.fetch.backoff.ms",
        "log.cleaner.dedupe.buffer.size", "log.cleaner.threads", "producer.id.expiration.ms",
        "producer.id.expiration.check.interval.ms",
        "transaction.partition.verification.enable", "transaction.max.timeout.ms",
        "min.insync.replicas", "unclean.leader.election.enable", "auto.leader.rebalance.enable",
        "leader.imbalance.check.interval.seconds", "unclean.leader.election.interval.ms",
        "metadata.max.idle.interval.ms",
    ]
    let defaults = topicSettingNames.flatMap { name in
        Settings.setting(name, of: .topic)?.synonyms.map(\.name) ?? []
    }
    return own + defaults
}()

/// The settings of topics that some machine reads.
let topicSettingNames = [
    "internal.segment.bytes", "segment.bytes", "segment.ms", "max.message.bytes", "retention.ms",
    "retention.bytes", "cleanup.policy", "message.timestamp.type",
    "message.timestamp.before.max.ms", "message.timestamp.after.max.ms", "index.interval.bytes",
    "flush.messages", "delete.retention.ms", "min.compaction.lag.ms", "max.compaction.lag.ms",
    "min.cleanable.dirty.ratio", "min.insync.replicas", "unclean.leader.election.enable",
]
