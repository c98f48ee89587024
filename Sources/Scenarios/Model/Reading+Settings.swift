import Kafka
import Kernel
import Simulation
import TOML

/// Kafka's settings by their own names.
extension Reading {
    /// Everything in the table that is not a key of ours.
    mutating func readSettings(
        _ table: inout TableReader, into configuration: inout WorldConfiguration
    ) {
        for entry in table.takeRest() {
            guard let setting = effectiveSettings.first(where: { $0.name == entry.key }) else {
                table.reportUnknown(entry, alsoKnown: effectiveSettings.map(\.name), &self)
                continue
            }
            setting.read(&self, entry.value, table.path(of: entry.key), &configuration)
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
        "controller.quorum.election.timeout.ms", .milliseconds, \.raft.electionTimeout),
    EffectiveSetting("controller.quorum.fetch.timeout.ms", .milliseconds, \.raft.fetchTimeout),
    EffectiveSetting(
        "controller.quorum.election.backoff.max.ms", .milliseconds, \.raft.electionBackoffMax),
    EffectiveSetting(
        "controller.quorum.request.timeout.ms", .milliseconds, \.raft.requestTimeout),
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
            let interval = try interval(text)
            guard interval.nanoseconds % 1_000_000 == 0 else {
                throw Complaint("Kafka counts whole milliseconds here")
            }
            milliseconds = interval.wholeMilliseconds
        default: return nil
        }
        guard (0...Int64(Int32.max)).contains(milliseconds) else {
            throw Complaint("\(milliseconds) is not an integer from 0 to \(Int32.max)")
        }
        return .milliseconds(milliseconds)
    }
}

extension Form where Value == Int32 {
    static let bytes = Form<Int64>.size.map { bytes throws(Complaint) in
        guard (1...Int64(Int32.max)).contains(bytes) else {
            throw Complaint("\(bytes) is not an integer from 1 to \(Int32.max)")
        }
        return Int32(bytes)
    }
}
