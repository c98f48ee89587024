import Kafka
import Kernel
import Simulation
import TOML

/// Kafka's settings by their own names.
extension Reading {
    /// Everything in the table that is not a key of ours. Gives those that nothing here reads:
    /// they are right, and change nothing.
    mutating func readSettings(
        _ table: inout TableReader, into configuration: inout WorldConfiguration
    ) -> [Plan.StepSource] {
        var idle: [Plan.StepSource] = []
        var given: [(name: String, text: String, position: TOMLPosition)] = []
        for entry in table.takeRest() {
            let path = table.path(of: entry.key)
            if let setting = effectiveSettings.first(where: { $0.name == entry.key }) {
                setting.read(&self, entry.value, path, &configuration)
                keep(entry, path, as: nil)
            } else if let setting = Settings.setting(entry.key, of: .broker) {
                idle.append(Plan.StepSource(line: entry.pathPosition.line, text: entry.key))
                guard let text = read(entry.value, as: .setting(setting), path: path) else {
                    continue
                }
                given.append((entry.key, text, entry.value.position))
                keep(entry, path, as: text)
            } else {
                table.reportUnknown(
                    entry, alsoKnown: Settings.all(of: .broker).map(\.name), &self)
            }
        }
        checkTogether(given)
        return idle
    }

    /// The same for a table of settings of one kind, each as its properties file would have it.
    /// What Raft nodes read goes into `raft`; where there is none, it cannot be said here.
    mutating func readSettings(
        _ table: inout TableReader, of kind: SettingKind, isEffective: (String) -> Bool,
        raft: inout WorldConfiguration?, _ idle: inout [Plan.StepSource]
    ) -> [GivenSetting] {
        var given: [GivenSetting] = []
        for entry in table.takeRest() {
            let path = table.path(of: entry.key)
            if kind == .broker, let its = effectiveSettings.first(where: { $0.name == entry.key }) {
                if var world = raft {
                    keep(entry, path, as: nil)
                    its.read(&self, entry.value, path, &world)
                    raft = world
                } else {
                    report(
                        "\(entry.key) is the same for all nodes here: say it in [cluster]",
                        at: entry.pathPosition)
                }
                continue
            }
            guard let setting = Settings.setting(entry.key, of: kind) else {
                table.reportUnknown(entry, alsoKnown: Settings.all(of: kind).map(\.name), &self)
                continue
            }
            if !isEffective(entry.key) {
                idle.append(Plan.StepSource(line: entry.pathPosition.line, text: entry.key))
            }
            guard let text = read(entry.value, as: .setting(setting), path: path) else { continue }
            given.append(
                GivenSetting(name: entry.key, text: text, position: entry.value.position))
            keep(entry, path, as: text)
        }
        return given
    }

    /// For the report; nil: as it stands in the file. What a step says, stands with the step.
    private mutating func keep(_ entry: TOMLTable.Entry, _ path: String, as text: String?) {
        guard !path.hasPrefix("step") else { return }
        let value = text ?? (try? Form<String>.typed.read(entry.value.kind)) ?? "open"
        settings.append(
            Outcome.Setting(name: path, value: value, line: entry.pathPosition.line))
    }

    /// Whether the settings go together, by Kafka's own rules.
    private mutating func checkTogether(
        _ given: [(name: String, text: String, position: TOMLPosition)]
    ) {
        guard !given.isEmpty else { return }
        let settings = given.map {
            GivenSetting(name: $0.name, text: $0.text, position: $0.position)
        }
        _ = check(settings, .broker) { settings throws(SettingRefusal) in
            try settings.checkedBroker()
        }
    }

    /// The settings as they take effect; without those that are wrong, if some are.
    mutating func check(
        _ given: [GivenSetting], _ kind: SettingKind, blaming own: [GivenSetting]? = nil,
        _ check: (Settings) throws(SettingRefusal) -> Settings
    ) -> Settings {
        do throws(SettingRefusal) {
            return try check(try Settings(kind, given.map { ($0.name, $0.text) }))
        } catch {
            blame(error, among: own ?? given)
        }
        guard let plain = try? check(try Settings(kind, [])) else {
            preconditionFailure("Kafka's own defaults go together")
        }
        return plain
    }
}

extension Reading {
    /// Reports a refusal at the first of the settings that it involves.
    mutating func blame(_ refusal: SettingRefusal, among given: [GivenSetting]) {
        let blamed = refusal.involved.lazy.compactMap { name in
            given.last { $0.name == name }
        }.first
        guard let blamed else { return }
        let others = refusal.involved.filter { $0 != blamed.name }
        let with = others.isEmpty ? "" : " (with \(others.joined(separator: ", ")))"
        report("\(blamed.name): \(refusal.reason)\(with)", at: blamed.position)
    }
}

/// A setting as a file gives it.
struct GivenSetting: Sendable {
    var name: String
    var text: String
    var position: TOMLPosition
}

extension Form where Value == String {
    /// A setting's value as its properties file would have it.
    static func setting(_ setting: Setting) -> Form {
        Form(expectation(of: setting)) { kind throws(Complaint) in
            guard let text = try text(of: kind, for: setting) else { return nil }
            let value: SettingValue
            do throws(SettingRefusal) {
                value = try setting.value(of: text)
            } catch {
                throw Complaint(error.reason)
            }
            // Kafka lets these pass, and never comes to an end with fencing or with beating.
            let paces = ["broker.session.timeout.ms", "heartbeat.interval.ms"]
            if paces.contains(setting.name), case .number(...0) = value {
                throw Complaint("\(text) leaves no time for anything else: say at least 1")
            }
            return text
        }
    }

    private static func expectation(of setting: Setting) -> String {
        switch setting.type {
        case _ where setting.name == "acks": "0, 1 or \"all\""
        case .boolean: "true or false"
        case .int, .short, .long: setting.name.hasSuffix(".ms") ? "milliseconds" : "an integer"
        case .double: "a number"
        case .list: "a list of texts"
        case .string, .class, .password: "a text in quotes"
        }
    }

    private static func text(
        of kind: TOMLValue.Kind, for setting: Setting
    ) throws(Complaint) -> String? {
        switch (kind, setting.type) {
        case (.boolean(let flag), .boolean): return String(flag)
        case (.integer(let number), .int), (.integer(let number), .short),
            (.integer(let number), .long), (.integer(let number), .double):
            return String(number)
        case (.float(let number), .double): return String(number)
        // `acks` is a text that most often looks like a number.
        case (.integer(let number), .string) where setting.name == "acks": return String(number)
        case (.string(let text), .int), (.string(let text), .long):
            if setting.name.hasSuffix(".ms") {
                return String(try wholeMilliseconds(text))
            }
            let isSize = setting.name.hasSuffix(".bytes") || setting.name.hasSuffix(".size")
            guard isSize, let bytes = try Form<Int64>.size.read(kind) else { return nil }
            return String(bytes)
        case (.string(let text), .string), (.string(let text), .class),
            (.string(let text), .password), (.string(let text), .list):
            return text
        case (.array(let elements), .list):
            var texts: [String] = []
            for element in elements {
                guard case .string(let text) = element.kind else { return nil }
                texts.append(text)
            }
            return texts.joined(separator: ",")
        default: return nil
        }
    }
}

/// A setting that some machine reads, and where it goes.
struct EffectiveSetting: Sendable {
    var name: String
    var read: @Sendable (inout Reading, TOMLValue, String, inout WorldConfiguration) -> Void

    init<Value>(
        _ name: String, _ form: Form<Value>,
        _ place: WritableKeyPath<WorldConfiguration, Value> & Sendable
    ) {
        self.name = name
        read = { reading, value, path, configuration in
            guard let value = reading.read(value, as: form, path: path) else { return }
            configuration[keyPath: place] = value
        }
    }
}

let effectiveSettings = [
    EffectiveSetting(
        "controller.quorum.election.timeout.ms", .timeout, \.raft.electionTimeout),
    EffectiveSetting("controller.quorum.fetch.timeout.ms", .timeout, \.raft.fetchTimeout),
    EffectiveSetting(
        "controller.quorum.election.backoff.max.ms", .milliseconds, \.raft.electionBackoffMax),
    EffectiveSetting(
        "controller.quorum.request.timeout.ms", .timeout, \.raft.requestTimeout),
    EffectiveSetting("controller.quorum.retry.backoff.ms", .milliseconds, \.raft.retryBackoff),
    EffectiveSetting("controller.quorum.append.linger.ms", .milliseconds, \.raft.appendLinger),
    EffectiveSetting("controller.quorum.fetch.max.bytes", .bytes, \.raft.fetchMaxBytes),
    EffectiveSetting(
        "controller.quorum.fetch.snapshot.max.bytes", .bytes, \.raft.fetchSnapshotMaxBytes),
    EffectiveSetting("controller.quorum.auto.join.enable", .flag, \.raft.autoJoin),
    EffectiveSetting(
        "socket.connection.setup.timeout.ms", .milliseconds, \.network.connectionSetupTimeout),
]

extension Form where Value == Interval {
    /// As Kafka counts: a whole number of milliseconds; a duration in quotes is the same thing.
    static let milliseconds = Form(
        "a number of milliseconds",
        span: Span(
            steps: { low, high in
                low <= high ? UInt64(high.wholeMilliseconds - low.wholeMilliseconds) : nil
            },
            value: { low, step in low + .milliseconds(Int64(step)) })
    ) { kind throws(Complaint) in
        let milliseconds: Int64
        switch kind {
        case .integer(let number): milliseconds = number
        case .string(let text):
            milliseconds = try wholeMilliseconds(text)
        default: return nil
        }
        guard (0...Int64(Int32.max)).contains(milliseconds) else {
            throw Complaint("\(milliseconds) is not an integer from 0 to \(Int32.max)")
        }
        return .milliseconds(milliseconds)
    }
}

extension Form where Value == Interval {
    /// Kafka takes 0 here and spins; in virtual time nothing would ever happen again.
    static let timeout = milliseconds.checked { interval throws(Complaint) in
        guard interval > .zero else { throw Complaint("must be more than 0") }
    }
}

private func wholeMilliseconds(_ text: String) throws(Complaint) -> Int64 {
    let interval = try interval(text)
    guard interval.nanoseconds % 1_000_000 == 0 else {
        throw Complaint("Kafka counts whole milliseconds here")
    }
    return interval.wholeMilliseconds
}

extension Form where Value == Int32 {
    static let bytes = Form(
        Form<Int64>.size.expectation,
        span: Span(
            steps: { low, high in low <= high ? UInt64(high - low) : nil },
            value: { low, step in low + Int32(step) })
    ) { kind throws(Complaint) in
        guard let bytes = try Form<Int64>.size.read(kind) else { return nil }
        guard (1...Int64(Int32.max)).contains(bytes) else {
            throw Complaint("\(bytes) is not an integer from 1 to \(Int32.max)")
        }
        return Int32(bytes)
    }
}
