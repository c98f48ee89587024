import Testing

/// Each rule on small planted houses: it finds what breaks it, at its line, and nothing else.
struct RuleTests {
    struct Planted: CustomTestStringConvertible, Sendable {
        var rule: String
        var texts: KeyValuePairs<String, String>
        var offences: [String]

        var testDescription: String { "\(rule): \(offences)" }
    }

    @Test(arguments: planted)
    func `a rule finds what breaks it and nothing else`(planted: Planted) throws {
        let rule = try #require(Rule.all.first { $0.name == planted.rule })
        let found = rule.offences(SourceTree(planted.texts)).map(\.description)
        #expect(found == planted.offences)
    }

    @Test func `every rule was planted, to be broken and to be kept`() {
        for rule in Rule.all {
            let cases = Self.planted.filter { $0.rule == rule.name }
            #expect(cases.contains { !$0.offences.isEmpty }, "\(rule.name) was never broken")
            #expect(cases.contains { $0.offences.isEmpty }, "\(rule.name) was never kept")
        }
    }

    @Test func `code is told from comments, literals and quoted names`() {
        let text = """
            /* Set /* Date */ Date */ let a = "Date \\(b + "Set".c) \\"Date" // Date
            let d = #"Date "\\(x) \\#(e)"#; func `a Set of rules`() { f(1.5) }
            let g = \"\"\"
                Date "quoted" \\(h)
                \"\"\"; i
            """
        let words = Tokenizer.tokens(of: text).filter(\.isWord)
        #expect(words.map(\.text) == [
            "let", "a", "b", "c", "let", "d", "e", "func", "f", "let", "g", "h", "i",
        ])
        #expect(words.map(\.line) == [1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5])
    }
}
