import TOML
import Testing

/// Whatever comes in, an answer comes out: nothing traps, nothing runs away.
@Suite struct AnyInputTests {
    private static let seeds = [
        """
        # every kind of thing once
        title = "a \\u00E9 \\"b\\" \\\\"
        path.'to it'."x" = 'C:\\dir'
        long = \"\"\"
        one \\
           two \"\" three\"\"\"
        raw = '''
        it''s'''
        [numbers]
        all = [0, -17, 1_000, 0xFF, 0o17, 0b11, 3.14, -1e-7, inf, nan]
        [times.of-day]
        zoned = 1979-05-27T07:32:00.5-07:00
        local = 1979-05-27 07:32:00
        day = 2024-02-29
        hour = 07:32:00
        [[step]]
        at = { any = [1, { x.y = true, x.z = [ [], [[1], ["é😀"]] ] }] }
        [[step]]
        [step.deep]
        """,
        "a.b.c = 1\n[d]\ne = {}\n[[f]]\n[f.g]\r\n",
    ]

    private static let tokens = [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "\\", "\\u",
        "\n", "\r\n", "\r", "#", " ", "a", "a.b", "0", "1_0", "0x", "1e5", "inf", "true", "-", "+",
        "1979-05-27", "T07:32:00", "Z", "\u{E9}", "\u{0}", "\u{FEFF}",
    ]

    @Test func `random bytes never trap`() {
        var dice = Dice(state: 1)
        for _ in 0..<3_000 {
            let bytes = (0..<dice.below(60)).map { _ in UInt8(dice.below(256)) }
            _ = try? readTOML(bytes)
        }
    }

    @Test func `random sequences of TOML's own tokens never trap`() {
        var dice = Dice(state: 2)
        for _ in 0..<5_000 {
            let words = (0..<dice.below(30)).map { _ in Self.tokens[dice.below(Self.tokens.count)] }
            _ = try? read(words.joined())
        }
    }

    @Test(arguments: seeds) func `a document cut anywhere never traps`(_ document: String) {
        let bytes = Array(document.utf8)
        for length in 0..<bytes.count {
            _ = try? readTOML(Array(bytes.prefix(length)))
            _ = try? readTOML(Array(bytes.dropFirst(length)))
        }
    }

    @Test(arguments: seeds) func `a document with damage never traps`(_ document: String) throws {
        let original = Array(document.utf8)
        #expect(try !readTOML(original).entries.isEmpty)
        var dice = Dice(state: 3)
        for _ in 0..<4_000 {
            var bytes = original
            for _ in 0...dice.below(4) {
                let place = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[place] = UInt8(dice.below(256))
                case 1: bytes.remove(at: place)
                case 2:
                    let token = Self.tokens[dice.below(Self.tokens.count)]
                    bytes.insert(contentsOf: token.utf8, at: place)
                default: bytes.swapAt(place, dice.below(bytes.count))
                }
            }
            do throws(TOMLError) {
                _ = try readTOML(bytes)
            } catch {
                #expect(error.position.line >= 1 && error.position.column >= 1)
                #expect(error.position.line <= bytes.count { $0 == 0x0A } + 1)
            }
        }
    }

    @Test(arguments: ["a = ", "a = [", "[a]\nb = [1, "])
    func `a hundred thousand brackets are refused, not followed`(_ start: String) throws {
        for bracket in ["[", "{a=", "[{a.a=", "{a=["] {
            let error = try #require(throws: TOMLError.self) {
                try read(start + String(repeating: bracket, count: 100_000))
            }
            #expect(error.message == "nested more than 256 levels deep")
        }
    }

    @Test func `nesting is allowed up to the limit and refused one level later`() throws {
        let limit = deepestTOMLNesting
        func arrays(_ count: Int) -> String {
            "a = " + String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        func keys(_ count: Int) -> String {
            String(repeating: "a.", count: count - 1) + "a"
        }
        #expect(throws: Never.self) { try read(arrays(limit)) }
        #expect(throws: TOMLError.self) { try read(arrays(limit + 1)) }
        #expect(throws: Never.self) { try read(keys(limit) + " = 1") }
        #expect(throws: TOMLError.self) { try read(keys(limit + 1) + " = 1") }
        #expect(throws: TOMLError.self) { try read("[\(keys(limit))]\na = 1") }
        #expect(throws: TOMLError.self) { try read("[[\(keys(limit))]]") }
        #expect(throws: TOMLError.self) { try read("[\(keys(limit - 1))]\na = []\nb.c = 1") }
        #expect(throws: TOMLError.self) { try read(keys(100_000) + " = 1") }
    }

    @Test func `large documents are read whole`() throws {
        let count = 100_000
        let keys = (0..<count).map { "key\($0) = \($0)" }.joined(separator: "\n")
        #expect(try read(keys).entries.count == count)
        let headers = (0..<count).map { "[a.b.c\($0)]" }.joined(separator: "\n")
        #expect(rendered(try read(headers)).count > count)
        let elements = String(repeating: "[[a]]\n[a.b]\n", count: count)
        guard case .array(let list)? = try read(elements)["a"]?.kind else {
            Issue.record("no array")
            return
        }
        #expect(list.count == count)
        let inline = "a = [" + String(repeating: "{x.y = 1, x.z = []}, ", count: count / 4) + "]"
        #expect(try read(inline).entries.count == 1)
        let duplicate = keys + "\nkey5 = 1"
        #expect(throws: TOMLError("'key5' is already defined on line 6", at: TOMLPosition(
            line: count + 1, column: 1))) { try read(duplicate) }
    }

    @Test func `long values are read whole`() throws {
        let megabyte = String(repeating: "x", count: 1 << 20)
        for quotes in ["\"", "'", "\"\"\"", "'''"] {
            guard case .string(let text)? = try read("a = \(quotes)\(megabyte)\(quotes)")["a"]?.kind
            else {
                Issue.record("no string")
                return
            }
            #expect(text.utf8.count == 1 << 20)
        }
        #expect(try read("\(megabyte) = 1").entries.count == 1)
        let digits = String(repeating: "9", count: 1 << 20)
        #expect(throws: TOMLError.self) { try read("a = \(digits)") }
        #expect(rendered(try read("a = 0.\(digits)")) == "{a: 1.0}")
        #expect(rendered(try read("a = \(digits).0")) == "{a: inf}")
    }
}

/// SplitMix64: the same inputs in every run.
private struct Dice {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
