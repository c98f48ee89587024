/// Which settings of a broker or controller go together (`KafkaConfig.validateValues`,
/// GroupCoordinatorConfig, ShareGroupConfig).
extension Settings {
    /// A broker's settings as they take effect: `log.retention.ms` and `log.roll.ms` are in force
    /// in milliseconds, whatever unit they were given in.
    public func checkedBroker() throws(SettingRefusal) -> Settings {
        try checkGroupCoordinator()
        try checkShareGroups()
        let protocols = "group.coordinator.rebalance.protocols"
        if !list(protocols).contains(where: { $0.lowercased() == "classic" }) {
            throw SettingRefusal(
                .config, involving: [protocols], "classic groups cannot be switched off")
        }
        if let broker = numberOrNone("broker.id"), isGiven("broker.id"),
            let node = numberOrNone("node.id"), broker != node
        {
            throw SettingRefusal(
                .config, involving: ["broker.id", "node.id"], "they name the same thing and differ")
        }
        var settings = self
        settings.deriveLogTimes()
        try settings.checkLog()
        try settings.checkReplication()
        try settings.checkNetwork()
        return settings
    }

    private func require(
        _ condition: Bool, _ names: [String], _ reason: String
    ) throws(SettingRefusal) {
        if !condition { throw SettingRefusal(.illegalArgument, involving: names, reason) }
    }

    /// The setting in the smallest unit that was given wins.
    private mutating func deriveLogTimes() {
        for name in ["log.retention", "log.roll", "log.roll.jitter"] {
            let milliseconds = "\(name).ms"
            if numberOrNone(milliseconds) != nil { continue }
            let hours = number("\(name).hours") * 3_600_000
            let minutes = name == "log.retention" ? numberOrNone("\(name).minutes") : nil
            derive(milliseconds, .number(minutes.map { $0 * 60_000 } ?? hours))
        }
        if number("log.retention.ms") < 0 { derive("log.retention.ms", .number(-1)) }
    }
}

// MARK: Log, replication, network

extension Settings {
    private func checkLog() throws(SettingRefusal) {
        try require(number("log.roll.ms") >= 1, ["log.roll.ms"], "it is below 1")
        try require(number("log.roll.jitter.ms") >= 0, ["log.roll.jitter.ms"], "it is below 0")
        try require(number("log.retention.ms") != 0, ["log.retention.ms"], "it is 0")
        let (buffer, threads) = ("log.cleaner.dedupe.buffer.size", "log.cleaner.threads")
        if number(threads) == 0 {
            // Kafka divides by it before it looks at it.
            throw SettingRefusal(.arithmetic, involving: [threads], "it is 0")
        }
        try require(
            number(buffer) / number(threads) > 1_048_576, [buffer, threads],
            "every cleaner thread needs more than 1 MiB")
    }

    private func checkReplication() throws(SettingRefusal) {
        let wait = "replica.fetch.wait.max.ms"
        for limit in ["replica.socket.timeout.ms", "replica.lag.time.max.ms"] {
            try require(number(wait) <= number(limit), [wait, limit], "\(wait) is above \(limit)")
        }
    }

    private func checkNetwork() throws(SettingRefusal) {
        let (queued, request) = ("queued.max.request.bytes", "socket.request.max.bytes")
        try require(
            number(queued) <= 0 || number(queued) >= number(request), [queued, request],
            "the largest request does not fit into the queue")
        let (perIP, overrides) = ("max.connections.per.ip", "max.connections.per.ip.overrides")
        try require(
            number(perIP) != 0 || text(overrides)?.isEmpty == false, [perIP, overrides],
            "nobody could connect")
        let (delay, idle) = ("connection.failed.authentication.delay.ms", "connections.max.idle.ms")
        try require(
            number(idle) < 0 || number(delay) < number(idle), [delay, idle],
            "the connection would be closed before it is answered")
    }
}

// MARK: Groups

extension Settings {
    private func checkGroupCoordinator() throws(SettingRefusal) {
        let builtIn = "org.apache.kafka.coordinator.group.assignor."
        try checkAssignors(
            "group.consumer.assignors",
            ["uniform", "range", builtIn + "UniformAssignor", builtIn + "RangeAssignor"])
        try checkAssignors("group.share.assignors", ["simple", builtIn + "SimpleAssignor"])
        for group in ["consumer", "share", "streams"] {
            let heartbeat = "group.\(group).heartbeat.interval.ms"
            let session = "group.\(group).session.timeout.ms"
            for name in ["heartbeat.interval.ms", "session.timeout.ms", "assignment.interval.ms"] {
                try checkWithin(group, name)
            }
            try require(
                number(heartbeat) < number(session), [heartbeat, session],
                "a session must be longer than the interval of its heartbeats")
        }
        let assignors = "group.share.assignors"
        try require(list(assignors).count == 1, [assignors], "it must be exactly one")
        let standby = "group.streams.num.standby.replicas"
        let limit = "group.streams.max.standby.replicas"
        try require(
            number(standby) <= number(limit), [standby, limit], "\(standby) is above \(limit)")
    }

    private func checkAssignors(_ name: String, _ known: [String]) throws(SettingRefusal) {
        for assignor in list(name) where !known.contains(assignor) {
            throw SettingRefusal(.kafka, involving: [name], "there is no class \(assignor)")
        }
    }

    private func checkShareGroups() throws(SettingRefusal) {
        try checkWithin("share", "record.lock.duration.ms")
        try checkWithin("share", "delivery.count.limit")
        try checkWithin("share", "partition.max.record.locks")
        let (sessions, size) = ("group.share.max.share.sessions", "group.share.max.size")
        try require(
            number(sessions) >= number(size), [sessions, size], "every member needs a session")
    }

    /// `group.G.min.N <= group.G.N <= group.G.max.N`.
    private func checkWithin(_ group: String, _ name: String) throws(SettingRefusal) {
        let (low, value) = ("group.\(group).min.\(name)", "group.\(group).\(name)")
        let high = "group.\(group).max.\(name)"
        try require(number(high) >= number(low), [high, low], "\(high) is below \(low)")
        try require(number(value) >= number(low), [value, low], "\(value) is below \(low)")
        try require(number(value) <= number(high), [value, high], "\(value) is above \(high)")
    }
}
