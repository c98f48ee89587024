import Exploration
import Kafka
import Kernel
import Reports
import Scenarios

/// `samsa run`: runs scenario files, under one seed or many, and prints the verdicts.
struct RunCommand {
    private enum Format: String, CaseIterable { case text, json, junit }
    /// What is told of a run before its verdict.
    private enum Telling { case nothing, story, everything }

    private let files: [String]
    private let takenOut: [Fix]
    private let seed: UInt64?
    private let seeds: ClosedRange<UInt64>?
    private let jobs: Int
    private let until: Instant
    private let telling: Telling
    private let fixes: Bool
    private let format: Format
    private let printsDigests: Bool
    private let toldEvent: UInt64?

    init(_ arguments: Arguments) throws {
        files = try scenarioFiles(arguments.paths, command: "run")
        takenOut = try arguments.fixes("--without")
        seed = try arguments.number("--seed")
        seeds = try arguments.range("--seeds")
        jobs = Int(clamping: try arguments.number("--jobs") ?? UInt64(Workers.processors))
        until = try arguments.instant("--until") ?? .never
        telling =
            arguments.has("--trace") ? .everything : arguments.has("--story") ? .story : .nothing
        fixes = arguments.has("--fixed")
        format = Format(
            rawValue: try arguments.word("--format", among: Format.allCases.map(\.rawValue))
                ?? "text")!
        printsDigests = arguments.has("--digests")
        toldEvent = try arguments.number("--trace-event")
        guard seed == nil || seeds == nil else {
            throw UsageError("--seed and --seeds exclude each other")
        }
        guard !arguments.has("--trace") || !arguments.has("--story") else {
            throw UsageError("--story is a part of --trace: take one of them")
        }
        guard telling == .nothing || (seeds == nil && format == .text) else {
            let option = telling == .story ? "--story" : "--trace"
            throw UsageError(
                "\(option) tells one run in text: it goes with neither --seeds nor --format")
        }
        guard (1...1024).contains(jobs) else { throw UsageError("--jobs is 1 to 1024") }
    }

    func perform() throws -> ExitStatus {
        let loaded = try load()
        if printsDigests { return printDigests(loaded.scenarios) }
        if let toldEvent { return tell(toldEvent, of: loaded.scenarios) }
        let found = seeds.map { runCampaigns(loaded.scenarios, $0) } ?? runOnce(loaded.scenarios)
        return loaded.areComplete ? found : max(found, .usage)
    }

    /// Reads all files and complains of all that are wrong; the others are run nevertheless.
    private func load() throws -> (scenarios: [Scenario], areComplete: Bool) {
        var scenarios: [Scenario] = []
        var areComplete = true
        for file in files {
            do throws(ScenarioErrors) {
                let scenario = try loadScenario(file, without: takenOut)
                guard fixes else {
                    scenarios.append(scenario)
                    continue
                }
                guard let fixed = scenario.fixed() else {
                    areComplete = false
                    Terminal.complain(
                        "\(file): there is nothing to mend: the file has no [fixed] table")
                    continue
                }
                scenarios.append(fixed)
            } catch {
                areComplete = false
                Terminal.complain(error.description)
            }
        }
        return (scenarios, areComplete)
    }

    // MARK: One seed

    private func runOnce(_ scenarios: [Scenario]) -> ExitStatus {
        var outcomes: [Outcome] = []
        var progress = Progress("running", of: UInt64(scenarios.count))
        for (done, scenario) in scenarios.enumerated() where !Interrupts.requested {
            progress.show(done: UInt64(done), note: scenario.file)
            let outcome = run(scenario, &progress)
            progress.clear()
            outcomes.append(outcome)
            if format == .text { Terminal.write(text.text(of: outcome)) }
        }
        switch format {
        case .text: if scenarios.count > 1 { Terminal.write(tally(outcomes.map(\.asExpected))) }
        case .json: Terminal.write(JSONReport().text(outcomes: outcomes))
        case .junit: Terminal.write(JUnitReport().text(outcomes: outcomes))
        }
        return outcomes.allSatisfy(\.asExpected) ? .asExpected : .unexpected
    }

    private func run(_ scenario: Scenario, _ progress: inout Progress) -> Outcome {
        var run = Run(scenario, seed: seed, stoppingAt: until)
        run.isTracing = telling != .nothing
        var lines: [UInt8] = []
        var untilLook = Self.eventsBetweenLooks
        while run.step() {
            switch telling {
            case .nothing: break
            case .story: Self.collect(run.world.story, &lines)
            case .everything: Self.collect(run.world.lines, &lines)
            }
            untilLook -= 1
            if untilLook == 0 {
                if Interrupts.requested { break }
                // A cluster is started some time before zero.
                let seconds = max(0, run.world.now.nanoseconds / 1_000_000_000)
                progress.show(done: UInt64(seconds), note: "s")
                untilLook = Self.eventsBetweenLooks
            }
        }
        if !lines.isEmpty { Terminal.write(lines, to: 1) }
        return run.outcome()
    }

    private static let eventsBetweenLooks = 20_000

    private static func collect(_ told: [String], _ lines: inout [UInt8]) {
        for line in told {
            lines.append(contentsOf: line.utf8)
            lines.append(UInt8(ascii: "\n"))
        }
        if lines.count > 1 << 16 {
            Terminal.write(lines, to: 1)
            lines.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Many seeds

    private func runCampaigns(_ scenarios: [Scenario], _ seeds: ClosedRange<UInt64>) -> ExitStatus {
        var campaigns: [Campaign] = []
        for scenario in scenarios where !Interrupts.requested {
            guard let campaign = campaign(scenario, seeds) else { continue }
            campaigns.append(campaign)
            if format == .text { Terminal.write(text.text(of: campaign)) }
        }
        switch format {
        case .text: if scenarios.count > 1 { Terminal.write(tally(campaigns.map(\.asExpected))) }
        case .json: Terminal.write(JSONReport().text(campaigns: campaigns))
        case .junit: Terminal.write(JUnitReport().text(campaigns: campaigns))
        }
        return campaigns.allSatisfy(\.asExpected) ? .asExpected : .unexpected
    }

    /// Nil if it was interrupted before its first seed was done.
    private func campaign(_ scenario: Scenario, _ seeds: ClosedRange<UInt64>) -> Campaign? {
        let count = seeds.count
        let until = until
        let boot = count > 1 ? Boot(scenario.plan(seed: seeds.lowerBound)) : nil
        var campaign: Campaign?
        var progress = Progress(scenario.file, of: UInt64(count))
        Workers.compute(count: count, jobs: jobs) { index in
            let plan = scenario.plan(seed: seeds.lowerBound + UInt64(index))
            var run = Run(plan, file: scenario.file, stoppingAt: until, from: boot)
            while run.advance(events: Self.eventsBetweenLooks), !Interrupts.requested {}
            return run.outcome()
        } inOrder: { outcome in
            // A seed that was cut short says nothing; those before it do.
            guard !Interrupts.requested || !outcome.interrupted else {
                campaign?.interrupt()
                return false
            }
            if campaign == nil {
                campaign = Campaign(first: outcome)
            } else {
                campaign!.add(outcome)
            }
            progress.show(
                done: campaign!.seeds,
                note: campaign!.violatedSeeds == 0 ? "" : "\(campaign!.violatedSeeds) violated")
            return true
        }
        progress.clear()
        return campaign
    }

    private var text: TextReport { TextReport(style: Terminal.usesColour ? .coloured : .plain) }

    private func tally(_ asExpected: [Bool]) -> String {
        let good = asExpected.filter { $0 }.count
        return "\(good) of \(asExpected.count) scenarios as expected\n"
    }

    // MARK: Digests, for verify

    /// The digest after every event of one run, as eight bytes each, on standard output.
    private func printDigests(_ scenarios: [Scenario]) -> ExitStatus {
        for scenario in scenarios {
            var run = Run(scenario, seed: seed, stoppingAt: until)
            var bytes: [UInt8] = []
            while run.step() {
                withUnsafeBytes(of: run.world.digest.littleEndian) { bytes.append(contentsOf: $0) }
                if bytes.count >= 1 << 16 {
                    Terminal.write(bytes, to: 1)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
            Terminal.write(bytes, to: 1)
        }
        return .asExpected
    }

    /// One event of each run, by its number from 1.
    private func tell(_ event: UInt64, of scenarios: [Scenario]) -> ExitStatus {
        for scenario in scenarios {
            var run = Run(scenario, seed: seed, stoppingAt: until)
            while run.world.eventCount < event {
                run.isTracing = run.world.eventCount + 1 == event
                guard run.step() else { break }
            }
            if run.world.eventCount == event {
                for line in run.world.lines { Terminal.write(line + "\n") }
            }
        }
        return .asExpected
    }
}
