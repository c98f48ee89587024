import Kafka
import Kernel
import Simulation
import TOML

/// A scenario file that has been read and found right: a story, a cluster, what happens to it and
/// what must come of it. With a seed it is a world; where values are left open, it is a
/// distribution of worlds.
public struct Scenario: Sendable {
    /// As it was named on the command line.
    public let file: String
    public let title: String
    /// The comment that the file begins with: what happens, for a person.
    public let story: String
    /// The seed that the file names.
    public let seed: UInt64
    /// It shows a bug, and says what mends it.
    public let isFixable: Bool
    /// The bug is mended, whatever the file says.
    private var isFixed = false
    /// Fixes that are taken out besides those that the file takes out itself.
    public let takenOut: [Fix]
    private let document: TOMLTable

    /// Reads a file, and reports everything that is wrong with it at once.
    public static func load(
        text: String, file: String, without takenOut: [Fix] = []
    ) throws(ScenarioErrors) -> Scenario {
        try load(bytes: Array(text.utf8), file: file, without: takenOut)
    }

    public static func load(
        bytes: [UInt8], file: String, without takenOut: [Fix] = []
    ) throws(ScenarioErrors) -> Scenario {
        let document: TOMLTable
        do throws(TOMLError) {
            document = try readTOML(bytes)
        } catch {
            let mistake = ScenarioError(file: file, position: error.position, what: error.message)
            throw ScenarioErrors([mistake], unlisted: 0)
        }
        var reading = Reading(file: file, choices: Choices(seed: 0), takenOut: takenOut)
        let plan = reading.readPlan(document)
        if let problems = reading.problems { throw problems }
        return Scenario(
            file: file, title: plan.title, story: leadingComment(of: bytes), seed: plan.seed,
            isFixable: plan.isFixable, takenOut: takenOut, document: document)
    }

    private init(
        file: String, title: String, story: String, seed: UInt64, isFixable: Bool,
        takenOut: [Fix],
        document: TOMLTable
    ) {
        self.file = file
        self.takenOut = takenOut
        self.title = title
        self.story = story
        self.seed = seed
        self.isFixable = isFixable
        self.document = document
    }

    /// The same story with the bug mended that it shows; nil if it shows none.
    public func fixed() -> Scenario? {
        guard isFixable else { return nil }
        var scenario = self
        scenario.isFixed = true
        return scenario
    }

    /// The scenario with everything that it leaves open filled in by the seed; its own seed if
    /// none is given. Every alternative was checked when the file was read.
    ///
    /// `overrides` are choices that are not left to the seed, here or in the run.
    public func plan(
        seed: UInt64? = nil, overrides: SortedMap<Choices.Key, UInt64> = SortedMap()
    ) -> Plan {
        let seed = seed ?? self.seed
        var reading = Reading(
            file: file, choices: Choices(seed: seed, overrides: overrides), isFixed: isFixed,
            takenOut: takenOut)
        var plan = reading.readPlan(document)
        plan.seed = seed
        plan.takenOut = takenOut.map(\.name)
        plan.configuration.seed = seed
        plan.configuration.overrides = overrides.map { ($0.key, $0.value) }
        plan.openings = reading.openings
        plan.isMended = isFixed
        return plan
    }

    /// The world that this seed makes of it, before its first event.
    public func world(seed: UInt64? = nil) -> World {
        World(plan(seed: seed).configuration)
    }
}

/// The comment lines that a file begins with, without their marks.
private func leadingComment(of bytes: [UInt8]) -> String {
    var lines: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        guard line.first == UInt8(ascii: "#") else { break }
        let text = line.dropFirst().filter { $0 != UInt8(ascii: "\r") }.drop { $0 == 0x20 }
        lines.append(String(decoding: text, as: UTF8.self))
    }
    return lines.joined(separator: "\n")
}
