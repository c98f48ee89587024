import Testing

/// The same scenario, seed and build print the same bytes, in every process.
@Suite struct DeterminismTests {
    private static let story = "Scenarios/Quorum/06-a-long-pause.toml"
    private static let chaos = "Scenarios/Chaos/the-quorum-in-trouble.toml"

    @Test func `two processes with different hash seeds print the same trace`() throws {
        let arguments = ["run", Self.story, "--trace", "--until", "8s"]
        let first = try SamsaProcess.run(arguments)
        let second = try SamsaProcess.run(
            arguments, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
        #expect(first.status == 0)
        #expect(first.output == second.output)
    }

    @Test(arguments: ["text", "json"])
    func `one job and eight print the same`(_ format: String) throws {
        let arguments = ["run", Self.chaos, "--seeds", "1..6", "--format", format]
        let alone = try SamsaProcess.run(arguments + ["--jobs", "1"])
        let together = try SamsaProcess.run(arguments + ["--jobs", "8"])
        #expect(alone.output == together.output)
        #expect(alone.status == together.status)
    }

    @Test func `verify finds two processes to agree after every event`() throws {
        let samsa = try SamsaProcess.run(["verify", Self.story])
        #expect(samsa.status == 0)
        #expect(samsa.output.contains("the same in both processes"))
    }
}
