import Testing

/// Adds up numbers; tells its parity below when it changes.
private struct Adder: VectorAdapter {
    private var sum: Int
    private var parity = "even"

    init(case settings: VectorLine) throws {
        sum = try settings.intOrNone("start", as: Int.self) ?? 0
    }

    static func isEffect(_ line: VectorLine) -> Bool { line.verb == "parity" }

    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String? {
        switch operation.verb {
        case "note": return nil
        case "add":
            sum += try operation.list("of").reduce(0) { try $0 + VectorText.int($1, as: Int.self) }
            let now = sum % 2 == 0 ? "even" : "odd"
            if now != parity {
                parity = now
                effects.append("parity -> \(now)")
            }
            return "ok sum=\(sum)"
        default: throw VectorFormError(description: "unknown verb")
        }
    }
}

@Suite struct ConformanceRunnerTests {
    private func replay(_ text: String) -> FileReport {
        Replay.run(VectorFile.cases(in: text), path: "toy/adder.vec", with: Adder.self)
    }

    @Test func `a file that agrees has no disagreement and counts every answered line`() {
        let report = replay("""
            # The header is not a case.
            # add -> nothing

            case 1 title=a
            note x
            add of=[1,2] -> ok sum=3
            parity -> odd
            add of=[] -> ok sum=3

            case 2 start=4
            add of=[1] -> ok sum=5
            parity -> odd

            """)
        #expect(report.disagreements == [])
        #expect(report.cases == 2)
        #expect(report.answers == 5)
        #expect(report.agreeing == 5)
    }

    @Test func `a wrong answer is reported with file, case, line and both answers`() {
        let report = replay("""
            case 1
            add of=[1] -> ok sum=1
            parity -> odd

            case 7
            add of=[2] -> ok sum=3
            add of=[2] -> ok sum=4
            """)
        #expect(
            report.disagreements == [
                Disagreement(
                    caseNumber: 7, line: 6, kafka: "add of=[2] -> ok sum=3",
                    ours: "add of=[2] -> ok sum=2")
            ])
        #expect(report.agreeing == 3)
        #expect(
            report.words() == """
                toy/adder.vec: 1 of 4 answers differ, in 1 of 2 cases
                  toy/adder.vec:6 (case 7)
                    Kafka: add of=[2] -> ok sum=3
                    ours:  add of=[2] -> ok sum=2
                """)
    }

    @Test(arguments: [
        ("add of=[1] -> ok sum=1", nil, "parity -> odd"),
        ("add of=[2] -> ok sum=2\nparity -> odd", "parity -> odd", nil),
        ("add of=[1] -> ok sum=1\nparity -> even", "parity -> even", "parity -> odd"),
        ("add of=[2]", "add of=[2]", "add of=[2] -> ok sum=2"),
        ("add of=[2] -> ok sum=2 ", "add of=[2] -> ok sum=2 ", "add of=[2] -> ok sum=2"),
        ("note x -> ok", "note x -> ok", "note x"),
    ] as [(String, String?, String?)])
    func `an effect or answer too many, too few or other than Kafka's is a disagreement`(
        lines: String, kafka: String?, ours: String?
    ) {
        let report = replay("case 1\n" + lines)
        #expect(report.disagreements.map(\.kafka) == [kafka])
        #expect(report.disagreements.map(\.ours) == [ours])
    }

    @Test func `a line or case that the adapter does not understand is a disagreement`() {
        let report = replay("""
            case 1
            divide by=0 -> ok
            add of=[1 -> ok sum=1

            case 2 start=x
            add of=[1] -> ok sum=1
            note y
            """)
        #expect(report.disagreements.map(\.line) == [2, 3, 6])
        #expect(report.disagreements[2].ours == "case not understood: x is not a number")
    }

    @Test func `the first difference of every case is shown before those that follow from it`() {
        let report = replay("""
            case 1
            add of=[2] -> ok sum=0
            add of=[2] -> ok sum=0

            case 2
            add of=[4] -> ok sum=0
            """)
        let lines = report.words(atMost: 2).split(separator: "\n").map(String.init)
        #expect(lines[1] == "  toy/adder.vec:2 (case 1)")
        #expect(lines[4] == "  toy/adder.vec:6 (case 2)")
        #expect(lines.last == "  and 1 more")
    }

    @Test func `a known disagreement is forgiven, and one that agrees after all is not`() throws {
        let known = try KnownDisagreements("""
            # comment
            toy/adder.vec case 1 line 2: Kafka cannot add
            toy/adder.vec case 1 line 3: nor here
            toy/other.vec case 1 line 1: elsewhere
            """)
        let report = replay("case 1\nadd of=[2] -> ok sum=0\nadd of=[2] -> ok sum=4")
        let (unknown, stale) = known.judge(report)
        #expect(unknown.disagreements == [])
        #expect(stale.map(\.line) == [3])
        #expect(throws: VectorFormError.self) { try KnownDisagreements("toy/adder.vec line 2") }
    }

    @Test func `a line is split into verb, words, fields and nested values`() throws {
        let line = VectorLine("send m1 to=[a,b(1,2),[c]] x=- y=7 z -> ok q=[1] -> r", number: 3)
        #expect(line.verb == "send")
        #expect(try line.word(0) == "m1")
        #expect(try line.word(1) == "z")
        #expect(throws: VectorFormError.self) { try line.word(2) }
        #expect(try line.list("to") == ["a", "b(1,2)", "[c]"])
        #expect(try line.intOrNone("x", as: Int.self) == nil)
        #expect(try line.int("y", as: Int.self) == 7)
        #expect(throws: VectorFormError.self) { try line.int("w", as: Int.self) }
        #expect(line.answer == "ok q=[1] -> r")
        #expect(line.question == "send m1 to=[a,b(1,2),[c]] x=- y=7 z")
        #expect(line.fields.map(\.name) == ["to", "x", "y"])
    }

    @Test func `the table has a row a file, by name, and a total`() {
        let table = ConformanceTable.text([
            FileReport(path: "b/long-name.vec", cases: 10, answers: 1_000),
            FileReport(path: "a/a.vec", cases: 1, answers: 2),
        ])
        #expect(
            table == """
                file             cases  answers  agreeing
                a/a.vec              1        2         2
                b/long-name.vec     10     1000      1000
                total               11     1002      1002
                """)
    }
}
