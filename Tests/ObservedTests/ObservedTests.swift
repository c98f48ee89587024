import Foundation
import Scenarios
import Simulation
import Testing

/// The stories that were seen of a real cluster, played here.
///
/// `KAFKA_VECTORS=<folder>` plays that folder's `cluster/*.obs` instead of the committed ones,
/// `OBSERVED_SEEDS=200` plays each with so many seeds, `OBSERVED_ONLY=04-` some of them.
@Suite struct ObservedTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let seeds = environment["OBSERVED_SEEDS"].flatMap { UInt64($0) } ?? 2
    /// So many seeds show everything that can be; with fewer, only what must be is judged.
    private static let all: UInt64 = 200
    static let stories = Observation.all.filter {
        environment["OBSERVED_ONLY"].map($0.name.hasPrefix) ?? true
    }

    @Test(arguments: stories)
    func `what is known of the real cluster holds in every run`(_ story: Observation) throws {
        let twin = Twin(story)
        guard twin.strangers.isEmpty else {
            let known = Disagreements.untold[story.name]
            if Observation.foreign == nil, known == nil {
                Issue.record("\(story.name): no words for \(twin.strangers)")
            }
            print("observed: \(story.name) is not played: no words for \(twin.strangers)")
            return
        }
        let scenario = try Scenario.load(text: text(of: twin), file: "\(story.name).toml")
        let known = Disagreements.known[story.name] ?? [:]
        let unjudged = Disagreements.unjudged[story.name] ?? []
        var unread: [String] = []
        var differing: [String] = []
        let rare = Disagreements.rare[story.name] ?? [:]
        var exceptions: [String: UInt64] = [:]
        var sights = Sights(story, begin: twin.begin)
        var varieties = Varieties(story)
        for seed in 1...Self.seeds {
            var playing = Playing(scenario, twin, seed: seed)
            playing.play()
            for step in playing.world.unfiredSteps {
                differing.append("step \(twin.numbers[step])")
                if known["step \(twin.numbers[step])"] == nil {
                    Issue.record("\(story.name) seed \(seed): step \(step) never came")
                }
            }
            let facts = Facts(playing)
            sights.watch(playing)
            varieties.watch(facts)
            for fact in story.facts {
                let verdict = facts.judge(fact)
                if case .unknown = verdict, !unread.contains(fact.name) {
                    unread.append(fact.name)
                }
                guard case .differs(let ours) = verdict else { continue }
                exceptions[fact.name, default: 0] += 1
                let isRare = exceptions[fact.name]! <= max(1, Self.seeds / 50)
                if Observation.foreign == nil, isRare, rare[fact.name] != nil { continue }
                differing.append(fact.name)
                if known[fact.name] == nil {
                    Issue.record(
                        "\(story.name) seed \(seed): \(fact.name)=\(fact.value), here \(ours)")
                }
            }
        }
        if !unread.isEmpty {
            print("observed: \(story.name) has facts that nobody judges: \(unread)")
        }
        if Observation.foreign == nil, unread.sorted() != unjudged.sorted() {
            Issue.record("\(story.name): nobody judges \(unread)")
        }
        if Self.seeds >= Self.all {
            let steady = Disagreements.steady[story.name] ?? [:]
            for lack in varieties.stiff where steady[lack.fact] == nil {
                Issue.record("\(story.name) always has \(lack.words)")
            }
            judge(sights, of: story)
        }
        let isUsual = Observation.foreign == nil && Self.environment["OBSERVED_SEEDS"] == nil
        for entry in known where isUsual && !differing.contains(entry.key) {
            Issue.record("\(story.name) agrees about \(entry.key): \(entry.value)")
        }
    }

    private func judge(_ sights: Sights, of story: Observation) {
        let unseen = Disagreements.unseen[story.name] ?? [:]
        for sight in sights.missing + sights.forbidden where unseen[sight] == nil {
            let words = "\(story.name) never has \(sight)"
            if Disagreements.unordered[story.name] == nil {
                Issue.record("\(words)")
            } else {
                print("observed: \(words)")
            }
        }
    }

    /// Else what we expect of our runs would be taken from our runs.
    @Test(arguments: stories)
    func `a story expects the violations that clients of the real cluster saw`(
        _ story: Observation
    ) throws {
        guard Observation.foreign == nil, Disagreements.untold[story.name] == nil else { return }
        let text = try String(contentsOf: Self.file(of: story), encoding: .utf8)
        let plan = try Scenario.load(text: text, file: "\(story.name).toml").plan()
        let expected = Set(plan.expectations.violated.map(\.rawValue))
        let seen = Testimony(
            story, hasConsumers: plan.configuration.cluster?.consumers.isEmpty == false)
        #expect(expected.isSubset(of: seen.sometimes), "not seen: \(story.name)")
        #expect(seen.always.isSubset(of: expected), "not expected: \(story.name)")
    }

    private static func file(of story: Observation) -> URL {
        Observation.house.appendingPathComponent("Scenarios/Observed/\(story.name).toml")
    }

    /// The committed scenario is what the observation says, with a comment before it that tells
    /// the story and what is to come of it behind it; `REWRITE=1` makes it so.
    private func text(of twin: Twin) throws -> String {
        guard Observation.foreign == nil else { return twin.text }
        let file = Self.file(of: twin.observation)
        let committed = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let story = committed.split(separator: "\n").prefix { $0.hasPrefix("#") }
        let end = committed.range(of: "\n[expect]\n").map { committed[$0.lowerBound...] } ?? ""
        let text = (story + [twin.text[...]]).joined(separator: "\n") + end
        if text != committed {
            guard Self.environment["REWRITE"] != nil else {
                Issue.record("\(file.lastPathComponent) is not what was observed")
                return text
            }
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return text
    }
}
