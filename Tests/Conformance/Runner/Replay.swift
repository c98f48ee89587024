/// A line on which we and Kafka differ.
struct Disagreement: Sendable, Equatable {
    let caseNumber: Int
    /// The line in the file; for a line that only we wrote, the last one of the operation.
    let line: Int
    /// Nil: Kafka wrote nothing there.
    let kafka: String?
    /// Nil: we wrote nothing there.
    let ours: String?
}

/// How a file went.
struct FileReport: Sendable {
    let path: String
    var cases = 0
    var answers = 0
    var disagreements: [Disagreement] = []

    var agreeing: Int { max(0, answers - disagreements.count) }
}

/// Replays a file case by case and compares line by line; goes on after a disagreement.
struct Replay {
    private(set) var report: FileReport

    init(path: String) {
        report = FileReport(path: path)
    }

    static func run(_ file: VectorFile, with adapter: any VectorAdapter.Type) throws -> FileReport {
        run(try file.cases(), path: file.path, with: adapter)
    }

    static func run(
        _ cases: [VectorFile.Case], path: String, with adapter: any VectorAdapter.Type
    ) -> FileReport {
        var replay = Replay(path: path)
        for one in cases { replay.run(one, adapter) }
        return replay.report
    }

    private mutating func run<Adapter: VectorAdapter>(_ one: VectorFile.Case, _: Adapter.Type) {
        report.cases += 1
        report.answers += one.lines.count { $0.answer != nil }
        var adapter: Adapter
        do {
            adapter = try Adapter(case: one.settings)
        } catch {
            for line in one.lines where line.answer != nil {
                let ours = "case not understood: \(error)"
                differ(one, line: line.number, kafka: line.text, ours: ours)
            }
            return
        }
        var index = 0
        while index < one.lines.count {
            let operation = one.lines[index]
            var end = index + 1
            while end < one.lines.count, Adapter.isEffect(one.lines[end]) { end += 1 }
            perform(operation, followedBy: one.lines[(index + 1)..<end], of: one, &adapter)
            index = end
        }
    }

    private mutating func perform<Adapter: VectorAdapter>(
        _ operation: VectorLine, followedBy recorded: ArraySlice<VectorLine>,
        of one: VectorFile.Case, _ adapter: inout Adapter
    ) {
        var effects: [String] = []
        let ours: String
        do {
            let answer = try adapter.perform(operation, &effects)
            ours = answer.map { "\(operation.question) -> \($0)" } ?? operation.question
        } catch {
            ours = "\(operation.question) (not understood: \(error))"
        }
        if ours != operation.text {
            differ(one, line: operation.number, kafka: operation.text, ours: ours)
        }
        for (line, effect) in zip(recorded, effects) where line.text != effect {
            differ(one, line: line.number, kafka: line.text, ours: effect)
        }
        for line in recorded.dropFirst(effects.count) {
            differ(one, line: line.number, kafka: line.text, ours: nil)
        }
        for effect in effects.dropFirst(recorded.count) {
            let last = recorded.last?.number ?? operation.number
            differ(one, line: last, kafka: nil, ours: effect)
        }
    }

    private mutating func differ(_ one: VectorFile.Case, line: Int, kafka: String?, ours: String?) {
        report.disagreements.append(
            Disagreement(caseNumber: one.number, line: line, kafka: kafka, ours: ours))
    }
}

extension FileReport {
    /// The disagreements in words, the first of each case before the others, which often only
    /// follow from it.
    func words(atMost limit: Int = 10) -> String {
        var firsts: [Disagreement] = []
        var others: [Disagreement] = []
        for one in disagreements {
            if firsts.last?.caseNumber == one.caseNumber {
                others.append(one)
            } else {
                firsts.append(one)
            }
        }
        var text = "\(path): \(disagreements.count) of \(answers) answers differ, "
        text += "in \(firsts.count) of \(cases) cases"
        for one in (firsts + others).prefix(limit) {
            text += "\n  \(path):\(one.line) (case \(one.caseNumber))"
            text += "\n    Kafka: \(one.kafka ?? "(nothing)")"
            text += "\n    ours:  \(one.ours ?? "(nothing)")"
        }
        let left = disagreements.count - limit
        if left > 0 { text += "\n  and \(left) more" }
        return text
    }
}
