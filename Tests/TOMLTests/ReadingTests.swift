import TOML
import Testing

/// A document and what it says, in the form of `rendered`.
private let scalars: [(String, String)] = [
    ("", "{}"),
    ("# only a remark", "{}"),
    ("\u{FEFF}a = 1", "{a: 1}"),
    ("a = 1\r\nb = 2\r\n", "{a: 1, b: 2}"),
    ("a=1#no blank needed", "{a: 1}"),
    ("\t a \t=\t 1 \t", "{a: 1}"),
    ("a = +17", "{a: 17}"),
    ("a = -0", "{a: 0}"),
    ("a = 1_000_000", "{a: 1000000}"),
    ("a = 9223372036854775807", "{a: 9223372036854775807}"),
    ("a = -9223372036854775808", "{a: -9223372036854775808}"),
    ("a = 0xDEAD_beef", "{a: 3735928559}"),
    ("a = 0x7FFFFFFFFFFFFFFF", "{a: 9223372036854775807}"),
    ("a = 0o0755", "{a: 493}"),
    ("a = 0b1101_0110", "{a: 214}"),
    ("a = 3.5", "{a: 3.5}"),
    ("a = -0.0", "{a: -0.0}"),
    ("a = 5e+22", "{a: 5e+22}"),
    ("a = 1E06", "{a: 1000000.0}"),
    ("a = 6.02_2e2_3", "{a: 6.022e+23}"),
    ("a = 1e400", "{a: inf}"),
    ("a = [inf, +inf, -inf]", "{a: [inf, inf, -inf]}"),
    ("a = [nan, +nan, -nan]", "{a: [nan, nan, nan]}"),
    ("a = [true, false]", "{a: [true, false]}"),
    ("a = 1979-05-27", "{a: 1979-5-27}"),
    ("a = 07:32:00", "{a: 7:32:0.0}"),
    ("a = 23:59:60", "{a: 23:59:60.0}"),
    ("a = 00:32:00.999999999999", "{a: 0:32:0.999999999}"),
    ("a = 1979-05-27T07:32:00", "{a: 1979-5-27 7:32:0.0}"),
    ("a = 1979-05-27t07:32:00.5z", "{a: 1979-5-27 7:32:0.500000000 0min}"),
    ("a = 1979-05-27 00:32:00-07:30", "{a: 1979-5-27 0:32:0.0 -450min}"),
    ("a = 1979-05-27 # a date, and a remark", "{a: 1979-5-27}"),
    ("a = 2024-02-29", "{a: 2024-2-29}"),
    ("a = 2000-02-29", "{a: 2000-2-29}"),
]

private let strings: [(String, String)] = [
    (#"a = "x\ty\\z\"""#, #"{a: "x\ty\\z\""}"#),
    (#"a = "\u00E9\U0001F600""#, #"{a: "é😀"}"#),
    (#"a = "\b\f\r\n""#, #"{a: "\u{08}\u{0C}\r\n"}"#),
    ("a = \"tab\there\"", #"{a: "tab\there"}"#),
    (#"a = 'C:\new\"'"#, #"{a: "C:\\new\\\""}"#),
    ("a = \"\"", "{a: \"\"}"),
    ("a = ''", "{a: \"\"}"),
    ("a = \"\"\"\"\"\"", "{a: \"\"}"),
    ("a = \"\"\"\nfirst\nsecond\"\"\"", #"{a: "first\nsecond"}"#),
    ("a = \"\"\"\r\nfirst\r\nsecond\"\"\"", #"{a: "first\r\nsecond"}"#),
    ("a = \"\"\"one \\\n\n   two\"\"\"", #"{a: "one two"}"#),
    ("a = \"\"\"one \\  \r\n   two\"\"\"", #"{a: "one two"}"#),
    ("a = \"\"\"\\\n\"\"\"", "{a: \"\"}"),
    ("a = \"\"\"say \"\"hi\"\"\"\"\"", #"{a: "say \"\"hi\"\""}"#),
    ("a = '''it''s\\'''", #"{a: "it\'\'s\\"}"#),
    ("a = ''''quoted'''''", #"{a: "\'quoted\'\'"}"#),
    ("a = '''\n\n'''", #"{a: "\n"}"#),
]

private let tables: [(String, String)] = [
    ("a.b.c = 1\na.b.d = 2\na.e = 3", "{a: {b: {c: 1, d: 2}, e: 3}}"),
    ("a . 'b.c' . \"d\" = 1", "{a: {b.c: {d: 1}}}"),
    ("3.14 = 'pi'", "{3: {14: \"pi\"}}"),
    ("1979-05-27 = 1", "{1979-05-27: 1}"),
    ("'' = 1", "{: 1}"),
    ("\"\\u0061\" = 1", "{a: 1}"),
    ("\"\u{E9}\" = 1\n\"e\u{301}\" = 2", "{\u{E9}: 1, e\u{301}: 2}"),
    ("min.insync.replicas = 2", "{min: {insync: {replicas: 2}}}"),
    ("[a]\n[b]\nc = 1", "{a: {}, b: {c: 1}}"),
    ("[ a . b ]\nc = 1", "{a: {b: {c: 1}}}"),
    ("[a.b]\nc = 1\n[a]\nd = 2", "{a: {b: {c: 1}, d: 2}}"),
    ("[a.b.c.d]\n[a]\nb.c.e = 1", "{a: {b: {c: {d: {}, e: 1}}}}"),
    ("[a]\nb.c = 1\n[a.b.d]\ne = 2", "{a: {b: {c: 1, d: {e: 2}}}}"),
    ("[[a]]\nb = 1\n[[a]]\n[[a]]\nb = 3", "{a: [{b: 1}, {}, {b: 3}]}"),
    ("[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", "{a: [{b: {c: 1}}, {b: {c: 2}}]}"),
    ("[[a.b]]\n[[a.b.c]]\n[[a.b.c]]", "{a: {b: [{c: [{}, {}]}]}}"),
    ("a = {}", "{a: {}}"),
    ("a = { b = 1, c.d = 2, c.e = [3] }", "{a: {b: 1, c: {d: 2, e: [3]}}}"),
    ("a = [1, [2, 'x'], {y = 3},]", "{a: [1, [2, \"x\"], {y: 3}]}"),
    ("a = [ # one\n 1, # two\n\n 2\n# end\n]", "{a: [1, 2]}"),
    ("a = []", "{a: []}"),
    ("a = [[\n]]", "{a: [[]]}"),
]

@Suite struct ReadingTests {
    @Test(arguments: scalars + strings + tables)
    func `a document says what TOML 1.0 says it says`(
        _ document: String, _ meaning: String
    ) throws {
        #expect(rendered(try read(document)) == meaning)
    }

    @Test func `every value and key knows where it stands`() throws {
        let table = try read(
            """
            "título" = "é"
              wide."key" = [ 'a',
                   2 ]
            [ table.inner ]
            point = { x = 1 }
            [[list]]
            """)
        let places = table.entries.flatMap { entry in
            [entry.keyPosition, entry.value.position]
        }
        #expect(
            places.map { "\($0.line):\($0.column)" }
                == ["1:1", "1:12", "2:3", "2:3", "4:3", "4:1", "6:3", "6:1"])
        #expect(table.entries[1].pathPosition == TOMLPosition(line: 2, column: 3))
        guard case .table(let wide)? = table["wide"]?.kind,
            case .array(let list)? = wide["key"]?.kind
        else {
            Issue.record("wide.key is no array")
            return
        }
        #expect(wide.entries[0].keyPosition == TOMLPosition(line: 2, column: 8))
        #expect(wide.entries[0].pathPosition == TOMLPosition(line: 2, column: 3))
        #expect(list.map(\.position) == [
            TOMLPosition(line: 2, column: 18), TOMLPosition(line: 3, column: 8),
        ])
    }
}
