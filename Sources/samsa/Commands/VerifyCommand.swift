import Kernel
import Scenarios

/// `samsa verify`: the same run in two processes must leave the same digest after every event.
struct VerifyCommand {
    private let files: [String]
    private let seed: UInt64?
    private let seeds: ClosedRange<UInt64>?

    init(_ arguments: Arguments) throws {
        files = try scenarioFiles(arguments.paths, command: "verify")
        seed = try arguments.number("--seed")
        seeds = try arguments.range("--seeds")
        guard seed == nil || seeds == nil else {
            throw UsageError("--seed and --seeds exclude each other")
        }
    }

    func perform() throws -> ExitStatus {
        var worst = ExitStatus.asExpected
        for file in files where !Interrupts.requested {
            let scenario: Scenario
            do throws(ScenarioErrors) {
                scenario = try loadScenario(file)
            } catch {
                Terminal.complain(error.description)
                worst = max(worst, .usage)
                continue
            }
            worst = max(worst, try verify(scenario))
        }
        return worst
    }

    private func verify(_ scenario: Scenario) throws -> ExitStatus {
        let range = seeds ?? (seed ?? scenario.seed)...(seed ?? scenario.seed)
        var progress = Progress(scenario.file, of: UInt64(range.count))
        var events: UInt64 = 0
        for seed in range where !Interrupts.requested {
            progress.show(done: seed - range.lowerBound)
            let comparison = try compare(scenario.file, seed)
            events += comparison.events
            guard let difference = comparison.firstDifference else { continue }
            progress.clear()
            Terminal.write("\(scenario.file) seed \(seed): event \(difference) differs\n")
            for process in 1...2 {
                let told = try tell(scenario.file, seed, difference)
                Terminal.write("  process \(process): \(told)\n")
            }
            Terminal.write("  reproduce: samsa verify \(scenario.file) --seed \(seed)\n")
            return .unexpected
        }
        progress.clear()
        let which = range.count == 1
            ? "seed \(range.lowerBound)" : "seeds \(range.lowerBound)..\(range.upperBound)"
        Terminal.write("\(scenario.file) \(which): \(events) events, the same in both processes\n")
        return .asExpected
    }

    private struct Comparison {
        var events: UInt64 = 0
        /// Counted from 1.
        var firstDifference: UInt64?
    }

    private func compare(_ file: String, _ seed: UInt64) throws -> Comparison {
        let words = ["run", "--digests", "--seed", String(seed), "--", file]
        let processes = [try ChildProcess.samsa(words), try ChildProcess.samsa(words)]
        var waiting: [[UInt8]] = [[], []]
        var ended = [false, false]
        var comparison = Comparison()
        while comparison.firstDifference == nil {
            for index in 0...1 where !ended[index] && waiting[index].count < 8 {
                let bytes = processes[index].read(atMost: 1 << 16)
                ended[index] = bytes.isEmpty
                waiting[index] += bytes
            }
            let common = min(waiting[0].count, waiting[1].count) / 8 * 8
            if common == 0 {
                if !ended[0] && waiting[0].count < 8 || !ended[1] && waiting[1].count < 8 {
                    continue
                }
                if waiting[0].count != waiting[1].count {
                    comparison.firstDifference = comparison.events + 1
                }
                break
            }
            if let place = (0..<common).first(where: { waiting[0][$0] != waiting[1][$0] }) {
                comparison.firstDifference = comparison.events + UInt64(place / 8) + 1
            }
            comparison.events += UInt64(common / 8)
            waiting[0].removeFirst(common)
            waiting[1].removeFirst(common)
        }
        let stop = comparison.firstDifference != nil
        let statuses = processes.map { $0.finish(kill: stop) }
        if !stop, let status = statuses.first(where: { $0 != 0 }) {
            throw ChildProcess.CannotStart(reason: "a run of \(file) ended with status \(status)")
        }
        return comparison
    }

    /// One event in words, as a process of its own sees it.
    private func tell(_ file: String, _ seed: UInt64, _ event: UInt64) throws -> String {
        let words = ["run", "--trace-event", String(event), "--seed", String(seed), "--", file]
        let process = try ChildProcess.samsa(words)
        var bytes: [UInt8] = []
        while true {
            let more = process.read(atMost: 1 << 16)
            if more.isEmpty { break }
            bytes += more
        }
        process.finish()
        let text = String(decoding: bytes, as: UTF8.self)
        if text.isEmpty { return "the run had ended" }
        return text.split(separator: "\n").joined(separator: " | ")
    }
}
