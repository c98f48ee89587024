/// Which settings of a client go together, and which follow from others.
extension Settings {
    /// A producer's settings as they take effect (`ProducerConfig.postProcessParsedConfig` and
    /// `KafkaProducer.configureDeliveryTimeout`): `acks` is a number, idempotence may be off, the
    /// delivery timeout may have been raised. What was not given has the default of the generation.
    public func checkedProducer(
        _ generation: Generation = .current
    ) throws(SettingRefusal) -> Settings {
        var settings = self
        try settings.deriveDefaults(of: generation)
        settings.deriveReconnectBackoff()
        try settings.checkIdempotence()
        try settings.checkDeliveryTimeout()
        return settings
    }

    /// The older a client is, the less certainty it gives to a program that sets nothing. Then as
    /// now idempotence brings with it what it needs, and transactions bring idempotence.
    private mutating func deriveDefaults(of generation: Generation) throws(SettingRefusal) {
        let (idempotence, inFlight) = (
            "enable.idempotence", "max.in.flight.requests.per.connection"
        )
        if !generation.has(.idempotentByDefault) {
            if !isGiven(idempotence) {
                derive(idempotence, .boolean(isGiven("transactional.id")))
            }
            if !isGiven("acks") { derive("acks", .text(boolean(idempotence) ? "all" : "1")) }
        }
        if !generation.has(.retriesByDefault), !isGiven("retries"), !boolean(idempotence) {
            derive("retries", .number(0))
        }
        if !generation.has(.severalInFlight), boolean(idempotence) {
            if isGiven(inFlight), number(inFlight) != 1 {
                throw SettingRefusal(
                    .config, involving: [inFlight, idempotence],
                    "idempotence allows one in flight (KAFKA-5494)")
            }
            derive(inFlight, .number(1))
        }
    }

    /// A maximum that was not given follows a backoff that was (KIP-144).
    private mutating func deriveReconnectBackoff() {
        if isGiven("reconnect.backoff.ms") && !isGiven("reconnect.backoff.max.ms") {
            derive("reconnect.backoff.max.ms", value("reconnect.backoff.ms"))
        }
    }

    /// KIP-679: idempotence is on by default. Where something rules it out it is refused if it was
    /// asked for and otherwise switched off, except that too many requests in flight are refused
    /// in either case.
    private mutating func checkIdempotence() throws(SettingRefusal) {
        let name = "enable.idempotence"
        let isAskedFor = isGiven(name)
        if text("acks") == "all" { derive("acks", .text("-1")) }
        if boolean(name) {
            let obstacles = [
                ("retries", number("retries") == 0, "retries is 0"),
                ("acks", text("acks") != "-1", "acks is not all"),
            ]
            for (other, applies, reason) in obstacles where applies {
                if isAskedFor {
                    throw SettingRefusal(
                        .config, involving: [other, name], "idempotence, but \(reason)")
                }
                derive(name, .boolean(false))
            }
            let inFlight = "max.in.flight.requests.per.connection"
            if number(inFlight) > 5 {
                throw SettingRefusal(
                    .config, involving: [inFlight, name], "idempotence allows 5 in flight at most")
            }
        }
        if isGiven("transactional.id") && !boolean(name) {
            throw SettingRefusal(
                .config, involving: ["transactional.id", name, "acks", "retries"],
                "transactions need idempotence")
        }
        let (timeout, twoPhase) = ("transaction.timeout.ms", "transaction.two.phase.commit.enable")
        if boolean(twoPhase) && isGiven(timeout) {
            throw SettingRefusal(
                .config, involving: [timeout, twoPhase],
                "a transaction with two-phase commit never times out (KIP-939)")
        }
    }

    /// A record must have the time to linger and be sent once (KIP-91): a timeout that is too short
    /// is refused if it was given and raised if not.
    private mutating func checkDeliveryTimeout() throws(SettingRefusal) {
        let name = "delivery.timeout.ms"
        let largest = Int64(Int32.max)
        let linger = min(number("linger.ms"), largest)
        let needed = min(linger + number("request.timeout.ms"), largest)
        if number(name) >= needed { return }
        if isGiven(name) {
            throw SettingRefusal(
                .config, involving: [name, "linger.ms", "request.timeout.ms"],
                "shorter than linger.ms and request.timeout.ms together, \(needed) ms")
        }
        derive(name, .number(needed))
    }

    /// A consumer's settings as they take effect (`ConsumerConfig.postProcessParsedConfig`):
    /// without a group nothing is committed by itself.
    public func checkedConsumer() throws(SettingRefusal) -> Settings {
        var settings = self
        settings.deriveReconnectBackoff()
        let commit = "enable.auto.commit"
        if text("group.id") == nil {
            if isGiven(commit) && boolean(commit) {
                throw SettingRefusal(
                    .invalidConfiguration, involving: [commit, "group.id"],
                    "there is no group to commit for")
            }
            settings.derive(commit, .boolean(false))
        }
        try checkGroupProtocol()
        return settings
    }

    /// What one protocol leaves to the broker cannot be set with it, and the other way round
    /// (KIP-848).
    private func checkGroupProtocol() throws(SettingRefusal) {
        let name = "group.protocol"
        let share = "share.acknowledgement.mode"
        let refused: [String]
        switch text(name)?.lowercased() {
        case "classic": refused = ["group.remote.assignor", share]
        case "consumer":
            refused = [
                "partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms",
                share,
            ]
        default: return
        }
        for other in refused where isGiven(other) {
            if value(other) == .text("") || value(other) == .list([]) { continue }
            throw SettingRefusal(
                .config, involving: [other, name],
                "\(other) has no meaning with this group.protocol")
        }
    }
}
