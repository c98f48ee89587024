import Kafka

/// config-check.vec: settings that are refused, alone and together, and the values that result.
struct ConfigCheckAdapter: VectorAdapter {
    private var texts: [(name: String, text: String)] = []

    init(case settings: VectorLine) {}

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "set":
            texts.append(
                (String(try operation.text("name")), String(try operation.text("value"))))
            return nil
        case "check":
            do {
                return try "ok" + check(DefaultsAdapter.kind(try operation.text("kind")))
            } catch let refusal as SettingRefusal {
                return "error \(refusal.exception.rawValue) about=\(refusal.setting ?? "-")"
            }
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func check(_ kind: SettingKind) throws -> String {
        switch kind {
        case .producer:
            let settings = try Settings(.producer, texts).checkedProducer()
            return " acks=\(settings.text("acks") ?? "-")"
                + " enable.idempotence=\(settings.boolean("enable.idempotence"))"
                + numbers(
                    settings,
                    [
                        "retries", "max.in.flight.requests.per.connection", "delivery.timeout.ms",
                        "reconnect.backoff.max.ms",
                    ]) + unknown(settings)
        case .consumer:
            let settings = try Settings(.consumer, texts).checkedConsumer()
            return " enable.auto.commit=\(settings.boolean("enable.auto.commit"))"
                + " group.protocol=\(settings.text("group.protocol") ?? "-")"
                + " auto.offset.reset=\(settings.text("auto.offset.reset") ?? "-")"
                + unknown(settings)
        case .topic:
            _ = try Settings.checkedTopic(texts)
            return ""
        case .broker:
            // A combined broker and controller with node.id 1.
            let settings = try Settings(.broker, [("node.id", "1")] + texts).checkedBroker()
            return numbers(settings, ["log.retention.ms", "log.roll.ms"]) + unknown(settings)
        case .group:
            _ = try Settings.checkedGroup(texts, broker: Settings(.broker, []))
            return ""
        default: throw VectorFormError(description: "no check of such settings")
        }
    }

    private func numbers(_ settings: Settings, _ names: [String]) -> String {
        names.map { " \($0)=\(settings.number($0))" }.joined()
    }

    private func unknown(_ settings: Settings) -> String {
        " unknown=[\(settings.unknown.joined(separator: ","))]"
    }
}
