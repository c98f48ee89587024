import TOML
import Testing

private let brokenLines: [(String, String)] = [
    ("a", "1:2: expected '=' after the key, found the end of the document"),
    ("a\n= 1", "1:2: expected '=' after the key, found the end of the line"),
    ("a =", "1:4: expected a value after '=', found the end of the document"),
    ("a = \r\n", "1:5: expected a value after '=', found the end of the line"),
    ("a = # b", "1:5: expected a value after '=', found '#'"),
    ("= 1", "1:1: expected a key, found '='"),
    ("a. = 1", "1:4: expected a key after '.', found '='"),
    ("a..b = 1", "1:3: expected a key after '.', found '.'"),
    (".a = 1", "1:1: expected a key, found '.'"),
    ("é = 1", "1:1: expected a key, found 'é'"),
    ("a b = 1", "1:3: expected '=' after the key, found 'b'"),
    ("a = 1 b = 2", "1:7: expected the end of the line, found 'b'"),
    ("x = 'é' é", "1:9: expected the end of the line, found 'é'"),
    ("\"\"\"a\"\"\" = 1", "1:1: a key may not be a multi-line string"),
    ("a = 1\rb = 2", "1:6: a carriage return must be followed by a line feed"),
    ("a = 1\n\r", "2:1: a carriage return must be followed by a line feed"),
    ("# x\u{7}", "1:4: the control character U+0007 may not stand in a comment"),
    ("# x\ry", "1:4: the control character U+000D may not stand in a comment"),
    ("a = 1\u{0}", "1:6: expected the end of the number, found the control character U+0000"),
    ("a = yes", "1:5: 'yes' is not a value; text needs quotes"),
    ("a = True", "1:5: 'True' is not a value; text needs quotes"),
    ("a = truer", "1:5: 'truer' is not a value; text needs quotes"),
]

private let brokenScalars: [(String, String)] = [
    ("a = 01", "1:5: a number may not start with 0"),
    ("a = -01", "1:6: a number may not start with 0"),
    ("a = 1_", "1:6: an underscore must stand between digits"),
    ("a = 1__0", "1:6: an underscore must stand between digits"),
    ("a = _1", "1:5: '_1' is not a value; text needs quotes"),
    ("a = +_1", "1:6: an underscore must stand between digits"),
    ("a = 0x", "1:7: expected a digit in base 16, found the end of the document"),
    ("a = 0b12", "1:8: expected the end of the number, found '2'"),
    ("a = +0x1", "1:5: a number in base 16 takes no sign"),
    ("a = 0X1", "1:6: expected the end of the number, found 'X'"),
    ("a = 9223372036854775808", "1:5: an integer must fit in 64 bits"),
    ("a = 0xFFFFFFFFFFFFFFFF", "1:5: an integer must fit in 64 bits"),
    ("a = 1.", "1:7: expected a digit after '.', found the end of the document"),
    ("a = .5", "1:5: expected a value after '=', found '.'"),
    ("a = 1.e5", "1:7: expected a digit after '.', found 'e'"),
    ("a = 1._5", "1:7: an underscore must stand between digits"),
    ("a = 1e", "1:7: expected a digit of the exponent, found the end of the document"),
    ("a = +", "1:6: expected a digit, found the end of the document"),
    ("a = +infinite", "1:9: expected the end of the number, found 'i'"),
    ("a = 12:30", "1:10: expected ':' after the minute, found the end of the document"),
    ("a = 24:00:00", "1:5: an hour is 00 to 23"),
    ("a = 23:60:00", "1:8: a minute is 00 to 59"),
    ("a = 23:59:61", "1:11: a second is 00 to 60"),
    ("a = 23:59:59.", "1:14: expected a digit after '.', found the end of the document"),
    ("a = 23:59:59Z", "1:13: expected the end of the date or time, found 'Z'"),
    ("a = 2023-13-01", "1:10: a month is 01 to 12"),
    ("a = 2023-02-29", "1:13: a day of that month is 01 to 28"),
    ("a = 1900-02-29", "1:13: a day of that month is 01 to 28"),
    ("a = 2023-04-31", "1:13: a day of that month is 01 to 30"),
    ("a = 2023-1-01", "1:11: expected 2 digits for the month, found '-'"),
    ("a = 2023-01-01T", "1:16: expected 2 digits for the hour, found the end of the document"),
    ("a = 2023-01-01T00:00:00+24:00", "1:25: an offset's hour is 00 to 23"),
    ("a = 2023-01-01T00:00:00+0100", "1:27: expected ':' after the offset's hour, found '0'"),
]

private let brokenStrings: [(String, String)] = [
    ("a = \"x", "1:5: expected '\"' to close the string"),
    ("a = \"x\n\"", "1:7: expected '\"' to close the string before the end of the line"),
    ("a = 'x", "1:5: expected \"'\" to close the string"),
    ("a = \"\"\"x\"\"", "1:5: expected '\"\"\"' to close the string"),
    ("a = '''x''", "1:5: expected \"'''\" to close the string"),
    ("a = '''x''''''", "1:14: expected the end of the line, found '''"),
    ("a = \"\u{1}\"", "1:6: the control character U+0001 may not stand in a string"),
    ("a = '\u{7F}'", "1:6: the control character U+007F may not stand in a string"),
    ("a = '''\u{0}'''", "1:8: the control character U+0000 may not stand in a string"),
    ("a = '''x\ry'''", "1:9: a carriage return must be followed by a line feed"),
    (
        #"a = "\x41""#,
        #"1:6: unknown escape; a string knows \b \t \n \f \r \" \\ \uXXXX \UXXXXXXXX"#
    ),
    ("a = \"\\", "1:7: expected a character after '\\', found the end of the document"),
    (#"a = "\u12G4""#, "1:10: expected 4 hexadecimal digits, found 'G'"),
    (#"a = "\uD800""#, "1:6: this escape names no Unicode scalar value"),
    (#"a = "\U00110000""#, "1:6: this escape names no Unicode scalar value"),
]

private let brokenTables: [(String, String)] = [
    ("a = 1\na = 2", "2:1: 'a' is already defined on line 1"),
    ("a = 1\n'a' = 2", "2:1: 'a' is already defined on line 1"),
    ("a.b = 1\na = 2", "2:1: 'a' is already defined on line 1"),
    ("a = 1\na.b = 2", "2:1: 'a' is a value since line 1 and takes no keys here"),
    ("a = {}\na.b = 2", "2:1: 'a' is an inline table since line 1 and takes no keys here"),
    ("a = {}\n[a.b]", "2:2: 'a' is an inline table since line 1 and takes no keys here"),
    ("a = []\n[[a]]", "2:3: 'a' is already defined on line 1"),
    ("a = [{}]\n[a.b]", "2:2: 'a' is an array since line 1 and takes no keys here"),
    ("[a]\n[a]", "2:2: 'a' is already defined on line 1"),
    ("[a.b]\n[a]\n[a]", "3:2: 'a' is already defined on line 2"),
    ("[a]\n[[a]]", "2:3: 'a' is already defined on line 1"),
    ("[[a]]\n[a]", "2:2: 'a' is already defined on line 1"),
    ("[a.b]\n[[a]]", "2:3: 'a' is already defined on line 1"),
    ("[a]\nb.c = 1\n[a.b]", "3:4: 'a.b' is already defined on line 2"),
    (
        "[a.b.c]\n[a]\nb.c.d = 1",
        "3:3: 'b.c' is a table with its own header since line 1 and takes no keys here"
    ),
    (
        "[[a.b]]\n[a]\nb.c = 1",
        "3:1: 'b' is an array of tables since line 1 and takes no keys here"
    ),
    ("[a", "1:3: expected ']' after the table's name, found the end of the document"),
    ("[a]]", "1:4: expected the end of the line, found ']'"),
    ("[[a]", "1:5: expected ']]' after the name of the array, found the end of the document"),
    ("[[a] ]", "1:5: expected ']]' after the name of the array, found ' '"),
    ("[]", "1:2: expected a key, found ']'"),
    ("[a.]", "1:4: expected a key after '.', found ']'"),
    ("[a] b = 1", "1:5: expected the end of the line, found 'b'"),
    ("a = [1", "1:5: expected ']' to close the array"),
    ("a = [", "1:5: expected ']' to close the array"),
    ("a = [1 2]", "1:8: expected ',' or ']' after the value, found '2'"),
    ("a = [,]", "1:6: expected a value or ']', found ','"),
    ("a = [1,,2]", "1:8: expected a value or ']', found ','"),
    ("a = {b = 1,}", "1:12: expected a key, found '}'"),
    ("a = {b = 1\n}", "1:11: expected ',' or '}' after the value, found the end of the line"),
    ("a = {b = 1 c = 2}", "1:12: expected ',' or '}' after the value, found 'c'"),
    ("a = {b = 1, b = 2}", "1:13: 'b' is already defined on line 1"),
    ("a = {b.c = 1, b = 2}", "1:15: 'b' is already defined on line 1"),
    (
        "a = {b = {c = 1}, b.d = 2}",
        "1:19: 'b' is an inline table since line 1 and takes no keys here"
    ),
]

private let brokenBytes: [([UInt8], String)] = [
    (Array("a = \"é".utf8) + [0xFF, 0x22], "1:7: not valid UTF-8"),
    ([0x80], "1:1: not valid UTF-8"),
    ([0x23, 0x0A, 0xC3], "2:1: not valid UTF-8"),
    ([0x23, 0xC0, 0x80], "1:2: not valid UTF-8"),
    ([0x23, 0xED, 0xA0, 0x80], "1:2: not valid UTF-8"),
    ([0x23, 0xF4, 0x90, 0x80, 0x80], "1:2: not valid UTF-8"),
    ([0x23, 0xE2, 0x82], "1:2: not valid UTF-8"),
    ([0xFF, 0xFE, 0x61, 0x00], "1:1: not valid UTF-8"),
    ([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], "1:1: expected a key, found '\u{FEFF}'"),
]

@Suite struct RefusingTests {
    @Test(arguments: brokenLines + brokenScalars + brokenStrings + brokenTables)
    func `what is not TOML 1.0 is refused where it stands, in plain words`(
        _ document: String, _ refusal: String
    ) {
        #expect(refusalOf(Array(document.utf8)) == refusal)
    }

    @Test(arguments: brokenBytes)
    func `bytes that are no text are refused where they begin`(
        _ bytes: [UInt8], _ refusal: String
    ) {
        #expect(refusalOf(bytes) == refusal)
    }

    @Test func `an error shows at most a short piece of the document`() throws {
        let error = try #require(throws: TOMLError.self) {
            try read("a = " + String(repeating: "x", count: 100_000))
        }
        #expect(error.message.count < 120)
    }

    private func refusalOf(_ bytes: [UInt8]) -> String {
        do throws(TOMLError) {
            return rendered(try readTOML(bytes))
        } catch {
            return "\(error.position.line):\(error.position.column): \(error.message)"
        }
    }
}
