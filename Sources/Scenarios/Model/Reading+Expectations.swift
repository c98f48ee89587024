import Checks
import Kafka
import TOML

extension Reading {
    mutating func readExpectations(
        _ file: inout TableReader, _ roster: Roster, isCalmAtEnd: Bool
    ) -> Expectations {
        guard var table = file.readTable("expect", &self) else { return Expectations() }
        return readExpectations(of: &table, roster, isCalmAtEnd: isCalmAtEnd)
    }

    /// Of `[expect]`, or of `[fixed]` where the bug is none any more.
    mutating func readExpectations(
        of table: inout TableReader, _ roster: Roster, isCalmAtEnd: Bool
    ) -> Expectations {
        var expectations = Expectations()
        let guarantee = Form<Guarantee>.word("guarantee")
        let violated = table.readList("violates", as: guarantee, &self)
        let held = table.readList("holds", as: guarantee, &self)
        for (guarantee, source) in held where violated.contains(where: { $0.value == guarantee }) {
            report(
                "\(table.path).holds: \(shown(guarantee.rawValue)) stands in \"violates\" as well",
                at: source.position)
        }
        for (guarantee, source) in violated + held
        where guarantee.moment == .eventually && !isCalmAtEnd {
            report(
                "\(guarantee.rawValue) is judged after a calm: say how long, calm = \"20s\"",
                at: source.position)
        }
        expectations.violated = violated.map(\.value)
        expectations.held = held.map(\.value)
        expectations.sometimes = readAwaited("sometimes", .expected(roster), &table)
        expectations.never = readAwaited("never", .expected(roster), &table)
        let condition = Form<Expected>.phrase(conditionInWords) { phrase throws(Complaint) in
            .condition(try phrase.parseCondition(roster))
        }
        expectations.eventually = readAwaited("eventually", condition, &table)
        table.finish(&self)
        return expectations
    }

    private mutating func readAwaited(
        _ key: String, _ form: Form<Expected>, _ table: inout TableReader
    ) -> [Expectations.Awaited] {
        table.readList(key, as: form, &self).map { expected, source in
            Expectations.Awaited(
                expected: expected, text: text(of: source), line: source.position.line)
        }
    }

    /// As it stands in the file; an opening has no one text.
    private func text(of source: TOMLValue) -> String {
        guard case .string(let text) = source.kind else { return "one of several" }
        return text
    }
}
