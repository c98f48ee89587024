import Foundation
import Testing

@Suite struct CommandLineTests {
    private static let story = "Scenarios/Quorum/02-the-leader-dies.toml"

    @Test func `the version is one line`() throws {
        let samsa = try SamsaProcess.run(["--version"])
        #expect(samsa.status == 0)
        #expect(samsa.output.hasPrefix("samsa "))
        #expect(samsa.output.split(separator: "\n").count == 1)
    }

    @Test func `help names every command, and every command explains itself`() throws {
        let overview = try SamsaProcess.run(["help"])
        #expect(overview.status == 0)
        for command in ["run", "verify", "bench", "help"] {
            #expect(overview.output.contains("samsa \(command)"))
            let manual = try SamsaProcess.run(["help", command])
            #expect(manual.status == 0)
            #expect(manual.output.hasPrefix("samsa \(command)"))
        }
        let manual = try SamsaProcess.run(["run", "--help"])
        #expect(manual.output == (try SamsaProcess.run(["help", "run"])).output)
        #expect(!manual.output.contains("--digests"))
    }

    @Test(arguments: [
        (["rum"], "did you mean run?"),
        (["run"], "run needs a scenario file"),
        (["run", "--sed", "1", story], "did you mean --seed?"),
        (["run", "--seed", "one", story], "--seed needs a whole number, not \"one\""),
        (["run", "--seed"], "--seed needs N"),
        (["run", "--seed", "1", "--seed", "2", story], "--seed is given twice"),
        (["run", "--seeds", "5..1", story], "5 is after 1"),
        (["run", "--seeds", "a..b", story], "a range such as 1..200"),
        (["run", "--seed", "1", "--seeds", "1..2", story], "exclude each other"),
        (["run", "--trace", "--seeds", "1..2", story], "--trace tells one run"),
        (["run", "--story", "--format", "json", story], "--story tells one run"),
        (["run", "--story", "--trace", story], "--story is a part of --trace"),
        (["run", "--trace=yes", story], "--trace takes no value"),
        (["run", "--format", "jsn", story], "did you mean json?"),
        (["run", "--until", "5 parsecs", story], "--until"),
        (["run", "--jobs", "0", story], "--jobs is 1 to 1024"),
        (["run", "no/such/file.toml"], "No such file"),
        (["bench", "evnt-queue"], "did you mean event-queue?"),
        (["help", "rn"], "did you mean run?"),
    ])
    func `a command line that makes no sense is told what would`(
        _ arguments: [String], _ complaint: String
    ) throws {
        let samsa = try SamsaProcess.run(arguments)
        #expect(samsa.status == 2)
        #expect(samsa.complaints.contains(complaint), "\(samsa.complaints)")
        #expect(samsa.output == "")
    }

    @Test func `a wrong scenario file is told where, and the others run all the same`() throws {
        let file = SamsaProcess.temporaryFile().appendingPathExtension("toml")
        defer { try? FileManager.default.removeItem(at: file) }
        try "title = \"x\"\nsed = 1\n[clutser]\n".write(to: file, atomically: true, encoding: .utf8)
        let samsa = try SamsaProcess.run(["run", file.path, Self.story])
        #expect(samsa.status == 2)
        #expect(samsa.complaints.contains("\(file.path):2:1: "))
        #expect(samsa.complaints.contains("did you mean \"seed\"?"))
        #expect(samsa.complaints.contains("\(file.path):3:2: "))
        #expect(samsa.output.contains("The leader dies"))
    }

    @Test func `an expectation that is not met ends with status 1 and the line that shows it again`() throws {
        let file = SamsaProcess.temporaryFile().appendingPathExtension("toml")
        defer { try? FileManager.default.removeItem(at: file) }
        try """
            title = "Nobody ever dies here"
            until = "3s"
            [expect]
            sometimes = ["any voter crashes"]
            """.write(to: file, atomically: true, encoding: .utf8)
        let samsa = try SamsaProcess.run(["run", file.path])
        #expect(samsa.status == 1)
        #expect(samsa.output.contains("never reached: any voter crashes"))
        #expect(samsa.output.hasSuffix("reproduce: samsa run \(file.path) --seed 1\n"))
    }

    @Test func `a run can be stopped early and is judged by what it has seen`() throws {
        let samsa = try SamsaProcess.run(["run", Self.story, "--until", "1s"])
        #expect(samsa.status == 0)
        #expect(samsa.output.contains("not reached yet"))
        #expect(samsa.output.contains("1.0 s of virtual time"))
    }

    @Test func `JSON and JUnit hold every scenario`() throws {
        let json = try SamsaProcess.run(["run", Self.story, "--format", "json"])
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((read["runs"] as? [Any])?.count == 1)
        #expect(read["as-expected"] as? Bool == true)
        let junit = try SamsaProcess.run(["run", Self.story, "--format", "junit"])
        #expect(junit.output.contains("<testsuites name=\"samsa\" tests=\"1\" failures=\"0\">"))
    }

    @Test func `a trace has one line an event, each with its time`() throws {
        let samsa = try SamsaProcess.run(["run", Self.story, "--trace", "--until", "2s"])
        let lines = samsa.output.split(separator: "\n")
        let traced = lines.prefix { $0.first?.isNumber == true }
        #expect(traced.count > 100)
        #expect(traced.first == "0.000000 controller-1 starts")
        #expect(lines.dropFirst(traced.count).first?.hasPrefix("The leader dies") == true)
    }
}
