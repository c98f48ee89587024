import Testing

struct ArchitectureTests {
    /// Read once for all rules.
    private static let house = Result { try SourceTree() }

    @Test(arguments: Rule.all)
    func `the house keeps its rule`(rule: Rule) throws {
        let offences = rule.offences(try Self.house.get())
        let list = offences.map(\.description).joined(separator: "\n")
        #expect(offences.isEmpty, "\(rule.name):\n\(list)")
    }

    @Test func `the rules see the house`() throws {
        let house = try Self.house.get()
        #expect(house.sources.count > 50)
        #expect(house.topLevel.contains("Sources"))
        #expect(house.files.contains { $0.path == "Sources/Kernel/Instant.swift" })
        #expect(house.files.contains { $0.path == "Tests/ArchitectureTests/Token.swift" })
    }
}
