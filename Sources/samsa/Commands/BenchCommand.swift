import Exploration
import Reports
import Scenarios

/// `samsa bench`: figures of this build on this machine, one by one as they are measured.
struct BenchCommand {
    private let benches: [Bench]
    private let measuresStart: Bool
    private let effort: Bench.Effort
    private let isJSON: Bool

    private static let start = "start"

    init(_ arguments: Arguments) throws(UsageError) {
        isJSON = try arguments.word("--format", among: ["text", "json"]) == "json"
        effort = arguments.has("--quick") ? .quick : arguments.has("--full") ? .full : .normal
        let names = Bench.all.map(\.name) + [Self.start]
        for wanted in arguments.paths where !names.contains(where: { $0.contains(wanted) }) {
            let near = nearestWord(to: wanted, among: names)
            throw UsageError(
                "nothing to measure is called \"\(wanted)\""
                    + (near.map { "; did you mean \($0)?" } ?? "")
                    + "\nthere is: " + names.joined(separator: ", "))
        }
        let wanted = arguments.paths
        benches = Bench.all.filter { bench in
            wanted.isEmpty || wanted.contains { bench.name.contains($0) }
        }
        measuresStart = wanted.isEmpty || wanted.contains { Self.start.contains($0) }
    }

    func perform() throws -> ExitStatus {
        #if DEBUG
        Terminal.complain("samsa: this is a debug build, several times slower; use -c release")
        #endif
        var figures: [Figure] = []
        var progress = Progress("measuring", of: UInt64(benches.count))
        for (done, bench) in benches.enumerated() where !Interrupts.requested {
            progress.show(done: UInt64(done), note: bench.summary)
            let found = bench.run(effort, ProcessorTime.nanoseconds)
            progress.clear()
            add(found, to: &figures)
        }
        if measuresStart, !Interrupts.requested { add([try measureStart()], to: &figures) }
        if isJSON { Terminal.write(BenchReport().json(figures)) }
        return .asExpected
    }

    private func add(_ found: [Figure], to figures: inout [Figure]) {
        figures += found
        if !isJSON { for figure in found { Terminal.write(BenchReport().line(of: figure)) } }
    }

    /// From the start of a process to the verdict of a small scenario and its end.
    private func measureStart() throws -> Figure {
        let file = try TemporaryFile(
            """
            title = "A small scenario"
            until = "5s"
            [cluster]
            controllers = 3
            """)
        defer { file.remove() }
        var best = Int64.max
        for _ in 0..<20 {
            let start = WallClock.nanoseconds()
            let process = try ChildProcess.samsa(["run", file.path])
            while !process.read(atMost: 1 << 12).isEmpty {}
            process.finish()
            best = min(best, WallClock.nanoseconds() - start)
        }
        return Figure("start-to-first-verdict", Double(best) / 1e6, "ms")
    }
}
