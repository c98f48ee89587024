import Testing

@testable import Kafka

/// Which version has which fix.
@Suite struct GenerationTests {
    @Test(arguments: FixBoundary.all)
    func `a fix is in the releases that its table names, and in no other`(boundary: FixBoundary) {
        for version in KafkaVersion.released {
            let isIn = boundary.releases.contains { $0.contains(version) }
            #expect(boundary.fix.isIn(version) == isIn, "\(version)")
            #expect(Generation(version).has(boundary.fix) == isIn, "\(version)")
        }
    }

    @Test func `no machine's fix lacks a boundary, and a bug of Kafka's has none`() {
        let facts = Fix.raftFacts + Fix.logFacts + Fix.controllerFacts + Fix.producerFacts
        for fact in facts {
            let known = FixBoundary.all.filter { $0.fix == fact.fix }
            #expect(known.count == (fact.since == nil ? 0 : 1), "\(fact.name)")
        }
    }

    @Test func `the names of fixes differ`() {
        let names = Fix.allCases.map(\.name).sorted()
        for (name, next) in zip(names, names.dropFirst()) { #expect(name < next) }
    }

    @Test func `the current generation is that of 4_3, with all that it still does wrong`() {
        for fix in Fix.allCases { #expect(Generation.current.has(fix) == (fix.since != nil)) }
    }
}

extension KafkaVersion {
    /// All that had a release, oldest first, since leaders have had epochs in their requests.
    static let released: [KafkaVersion] =
        [7, 8, 9, 10, 11].map { KafkaVersion(0, $0) } + (0...1).map { KafkaVersion(1, $0) }
        + (0...8).map { KafkaVersion(2, $0) } + (0...9).map { KafkaVersion(3, $0) }
        + (0...3).map { KafkaVersion(4, $0) }
}
