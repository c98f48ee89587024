import Foundation

/// A file of the house, read once.
struct SourceFile: Sendable {
    /// From the top of the house: `Sources/Kernel/Choices.swift`.
    let path: String
    let lines: [Substring]
    /// Empty for files that are not Swift.
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        tokens = path.hasSuffix(".swift") ? Tokenizer.tokens(of: text) : []
    }

    var folders: [Substring] { path.split(separator: "/").dropLast() }

    var isSource: Bool { path.hasPrefix("Sources/") && path.hasSuffix(".swift") }

    /// The module of a source: the folder directly under Sources.
    var module: String? { isSource && folders.count > 1 ? String(folders[1]) : nil }

    /// The folder within the module: `Raft` for `Sources/Kafka/Raft/VoterSet.swift`.
    var room: String? { isSource && folders.count > 2 ? String(folders[2]) : nil }
}

/// The files that the rules judge.
struct SourceTree: Sendable {
    let files: [SourceFile]
    /// What lies at the top, dot-files left out.
    let topLevel: [String]

    var sources: [SourceFile] { files.filter(\.isSource) }

    init(_ texts: KeyValuePairs<String, String>) {
        files = texts.map { SourceFile(path: $0.key, text: $0.value) }
        topLevel = Set(files.map { String($0.path.prefix { $0 != "/" }) }).sorted()
    }

    /// The house that this test file stands in.
    init(containing testFile: String = #filePath) throws {
        let top = URL(filePath: testFile).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let manager = FileManager.default
        topLevel = try manager.contentsOfDirectory(atPath: top.path)
            .filter { !$0.hasPrefix(".") }.sorted()
        var files: [SourceFile] = []
        for entry in topLevel + [".ci", ".gitignore"] {
            let inside = manager.enumerator(atPath: top.appending(path: entry).path)
            let paths = inside?.compactMap { $0 as? String }.map { "\(entry)/\($0)" } ?? []
            for path in (paths.isEmpty ? [entry] : paths.sorted()) where Self.isText(path) {
                let url = top.appending(path: path)
                guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
                files.append(SourceFile(path: path, text: text))
            }
        }
        self.files = files
    }

    /// Recorded answers are data of others and not judged.
    private static func isText(_ path: String) -> Bool {
        let endings = ["swift", "md", "toml", "txt", "json", "html", "gitignore", ".ci/run"]
        return endings.contains { path.hasSuffix($0) } && !path.hasPrefix("Tests/Vectors/")
    }
}
