import Foundation
import Testing

/// What was seen of a real cluster with real clients while somebody did the same things to it three
/// times. Its header says what its words mean.
struct Observation: Sendable, CustomTestStringConvertible {
    enum Line: Sendable {
        /// What was done, by its number.
        case step(Int, String)
        case saw(String)
        /// So long nothing was seen.
        case pass(String)
        /// What was there in the end.
        case final(String)

        var isStep: Bool { if case .step = self { true } else { false } }
    }

    struct Fact: Sendable {
        var name: String
        var value: String
    }

    /// Without `.obs`: `04-leader-dies`.
    var name: String
    var story = ""
    var cluster: [Fact] = []
    var features: [Fact] = []
    var runs: [[Line]] = []
    /// The same in all runs.
    var facts: [Fact] = []
    /// What each run had.
    var varied: [Fact] = []

    var testDescription: String { name }

    init(name: String, text: String) {
        self.name = name
        var part = ""
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("#") {
                if story.isEmpty { story = String(line.dropFirst(2)) }
                continue
            }
            let (word, rest) = line.cut(at: " ")
            switch word {
            case "cluster": cluster = rest.facts
            case "features": features = rest.facts
            case "run": runs.append([])
            case "facts", "varied": part = word
            default:
                guard part.isEmpty else {
                    let (name, value) = line.cut(at: "=")
                    let fact = Fact(name: name, value: value)
                    if part == "facts" { facts.append(fact) } else { varied.append(fact) }
                    continue
                }
                if !runs.isEmpty { runs[runs.count - 1].read(word, rest) }
            }
        }
        for place in runs.indices { runs[place].tellHiddenOrders() }
    }

    /// Steps that the file does not tell have numbers from here on.
    static let firstHiddenStep = 1_000

    /// The steps of the first run; the others have the same.
    var steps: [(number: Int, text: String)] {
        (runs.first ?? []).compactMap {
            if case .step(let number, let text) = $0 { (number, text) } else { nil }
        }
    }
}

extension [Observation.Line] {
    fileprivate mutating func read(_ word: String, _ rest: String) {
        switch word {
        case "step":
            let (number, text) = rest.cut(at: " ")
            append(.step(Int(number) ?? 0, text))
        case "saw": append(.saw(rest))
        case "pass": append(.pass(rest))
        case "final": append(.final(rest))
        case "": readEntries(rest)
        default: break
        }
    }

    /// The lines below `replicas=[1,2,3] orders-0 holds` tell what that is.
    private mutating func readEntries(_ text: String) {
        let holder = last { line in
            if case .final(let what) = line { what.hasSuffix(" holds") } else { false }
        }
        guard case .final(let what) = holder, let entries = text.words.first else { return }
        append(.final("uncommitted \(what.words[1])\(entries) \(text)"))
    }

    /// What an administrator was seen to be answered although no step had him ask becomes a step: a
    /// topic that is made to see whether that can be done. He asked as soon as there was another
    /// controller; or where there was none, before the waiting that came to nothing.
    fileprivate mutating func tellHiddenOrders() {
        var told = compactMap { line in
            if case .step(_, let text) = line { text.value(of: "topic") } else { nil }
        }
        var number = Observation.firstHiddenStep
        while let place = firstIndex(where: { line in
            guard case .saw(let what) = line, let topic = what.orderedTopic else { return false }
            return !told.contains(topic)
        }), case .saw(let what) = self[place], let topic = what.orderedTopic {
            told.append(topic)
            insert(.step(number, "create topic=\(topic)"), at: asking(for: what, at: place))
            number += 1
        }
    }

    private func asking(for what: String, at answer: Int) -> Int {
        guard what.hasSuffix(" -> error REQUEST_TIMED_OUT") else { return answer }
        var place = answer
        while place > 0 {
            switch self[place - 1] {
            case .step: return place
            case .saw(let other) where other.hasPrefix("controller leader="): return place
            default: place -= 1
            }
        }
        return place
    }

    /// What lies before the step with this number, back to the step before it.
    func gap(before number: Int) -> [Observation.Line] {
        var gap: [Observation.Line] = []
        for line in self {
            guard case .step(let its, _) = line else {
                gap.append(line)
                continue
            }
            if its == number { return gap }
            gap = []
        }
        return gap
    }
}

extension Observation {
    /// `KAFKA_VECTORS` names a folder to play instead of the committed files.
    static let foreign = ProcessInfo.processInfo.environment["KAFKA_VECTORS"]
    static let house = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let all: [Observation] = {
        let root =
            foreign.map { URL(fileURLWithPath: $0) }
            ?? house.appendingPathComponent("Tests/Vectors")
        let folder = root.appendingPathComponent("cluster")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { $0.hasSuffix(".obs") }.compactMap { name in
            let url = folder.appendingPathComponent(name)
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return Observation(name: String(name.dropLast(4)), text: text)
        }
    }()
}

extension String {
    /// The topic that an administrator was seen to ask for.
    fileprivate var orderedTopic: String? {
        guard hasPrefix("admin create ") else { return nil }
        return value(of: "topic") ?? words.dropFirst(2).first
    }

    /// What comes before the first separator, and what after it.
    func cut(at separator: Character) -> (String, String) {
        guard let place = firstIndex(of: separator) else { return (self, "") }
        return (String(self[..<place]), String(self[index(after: place)...]))
    }

    var words: [String] { split(separator: " ").map(String.init) }

    /// Those of its words that say what something is.
    var facts: [Observation.Fact] {
        words.filter { $0.contains("=") }.map {
            let (name, value) = $0.cut(at: "=")
            return Observation.Fact(name: name, value: value)
        }
    }

    func value(of name: String) -> String? { facts.first { $0.name == name }?.value }

    /// `[1,2,3]`, or as well `1,2,3`.
    var list: [String] {
        trimmingCharacters(in: CharacterSet(charactersIn: "[]")).split(separator: ",")
            .map(String.init)
    }

    /// Without what stands in brackets for people.
    var withoutRemarks: String {
        var depth = 0
        var text = ""
        for character in self {
            if character == "(" { depth += 1 }
            if depth == 0 { text.append(character) }
            if character == ")" { depth -= 1 }
        }
        return text.trimmingCharacters(in: .whitespaces)
    }
}
