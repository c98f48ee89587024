import Foundation

/// A story about a machine: plain text that reads as documentation and is run as a test.
///
///     # Step 1: in English, what happens and why.
///     command words
///     ----
///     what the machine says
///
/// Blocks are separated by blank lines and share one stage. What stands below `----` is compared
/// with what the stage says; with REWRITE=1 in the environment it is replaced by it instead, and
/// the difference is for a person to review.
struct InteractionFile: CustomStringConvertible, Sendable {
    struct Block {
        /// The lines above the command, comments and blank ones, as they are.
        var preface: [String]
        var line: Int
        var command: String
        var expected: [String]
    }

    let url: URL
    private(set) var blocks: [Block] = []
    /// What follows the last block.
    private var ending: [String] = []

    var description: String { url.deletingPathExtension().lastPathComponent }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Interactions")

    static var isRewriting: Bool { ProcessInfo.processInfo.environment["REWRITE"] == "1" }

    /// The stories of one machine, by the first word of their names.
    static func all(about machine: String) -> [InteractionFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(machine + "-") && $0.hasSuffix(".txt") }.sorted()
            .compactMap { try? InteractionFile(folder.appendingPathComponent($0)) }
    }

    init(_ url: URL) throws {
        self.url = url
        let text = try String(contentsOf: url, encoding: .utf8)
        var preface: [String] = []
        var command: (line: Int, text: String)?
        var expected: [String]?
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, part) in (parts + [""]).enumerated() {
            let line = String(part)
            if let heard = expected, let said = command {
                if !line.isEmpty {
                    expected = heard + [line]
                    continue
                }
                blocks.append(
                    Block(preface: preface, line: said.line, command: said.text, expected: heard))
                (preface, command, expected) = ([line], nil, nil)
            } else if line == "----" {
                expected = []
            } else if line.isEmpty || line.hasPrefix("#") {
                preface.append(line)
            } else {
                command = (index + 1, line)
            }
        }
        ending = Array(preface.dropLast())
    }

    /// The file with what was heard in the place of what was expected.
    func rewritten(_ heard: [[String]]) -> String {
        var lines: [String] = []
        for (block, heard) in zip(blocks, heard) {
            lines += block.preface + [block.command, "----"] + heard
        }
        return (lines + ending).joined(separator: "\n")
    }
}

/// Where stories about one kind of machine play.
protocol InteractionStage {
    init()

    /// Does what the command says, and returns what the machine says to it, line by line.
    mutating func perform(_ command: InteractionCommand) throws -> [String]
}

/// `verb word … name=value …`
struct InteractionCommand {
    struct NotUnderstood: Error, CustomStringConvertible {
        let description: String
    }

    let verb: String
    let words: [String]
    let fields: [(name: String, value: String)]

    init(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        verb = parts[0]
        words = parts.dropFirst().filter { !$0.contains("=") }
        fields = parts.dropFirst().filter { $0.contains("=") }.map { part in
            let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
            return (halves[0], halves.count > 1 ? halves[1] : "")
        }
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    func has(_ word: String) -> Bool { words.contains(word) }

    func word(_ index: Int) throws -> String {
        guard index < words.count else {
            throw NotUnderstood(description: "\(verb) lacks a word")
        }
        return words[index]
    }

    func int<Number: FixedWidthInteger>(
        _ index: Int, as: Number.Type = Number.self
    ) throws -> Number {
        guard let number = Number(try word(index)) else {
            throw NotUnderstood(description: "\(try word(index)) is not a number")
        }
        return number
    }
}

extension InteractionFile {
    /// Plays the story. Returns, for each block that was heard otherwise, what is wrong.
    func play<Stage: InteractionStage>(on stage: Stage.Type) throws -> [String] {
        var stage = Stage()
        var heard: [[String]] = []
        var faults: [String] = []
        for block in blocks {
            do {
                heard.append(try stage.perform(InteractionCommand(block.command)))
            } catch {
                heard.append(["not understood: \(error)"])
            }
            if let last = heard.last, last != block.expected {
                faults.append(
                    "\(url.lastPathComponent):\(block.line): \(block.command)\n  expected:\n    "
                        + block.expected.joined(separator: "\n    ") + "\n  heard:\n    "
                        + last.joined(separator: "\n    "))
            }
        }
        guard Self.isRewriting else { return faults }
        try rewritten(heard).write(to: url, atomically: true, encoding: .utf8)
        return []
    }
}
