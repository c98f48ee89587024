import Foundation
import Testing

/// A file of answers recorded from Kafka's own classes: a header of `#` lines and then cases, each
/// independent of the others and separated from them by one blank line.
struct VectorFile: Sendable, CustomTestStringConvertible {
    struct Case: Sendable {
        /// `case N name=value …`
        let settings: VectorLine
        var lines: [VectorLine] = []

        var number: Int { (try? settings.word(0)).flatMap { Int($0) } ?? 0 }
    }

    /// The sub-folder: `raft`.
    let area: String
    /// Without `.vec`: `node-leader`.
    let name: String
    let url: URL

    var path: String { "\(area)/\(name).vec" }
    var testDescription: String { path }

    func cases() throws -> [Case] {
        VectorFile.cases(in: try String(contentsOf: url, encoding: .utf8))
    }

    /// The `#` lines before the first case: which class answered and what every word means.
    func header() throws -> String {
        let text = try String(contentsOf: url, encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: true)
            .prefix { $0.hasPrefix("#") }.joined(separator: "\n")
    }

    static func cases(in text: String) -> [Case] {
        var cases: [Case] = []
        for (index, line) in VectorText.split(text[...], at: UInt8(ascii: "\n")).enumerated() {
            if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
            let line = VectorLine(String(line), number: index + 1)
            if line.verb == "case" {
                cases.append(Case(settings: line))
            } else if !cases.isEmpty {
                cases[cases.count - 1].lines.append(line)
            }
        }
        return cases
    }
}

extension VectorFile {
    /// Whether the environment names a folder to replay instead of the committed files.
    static var isForeign: Bool { ProcessInfo.processInfo.environment["KAFKA_VECTORS"] != nil }

    /// The folder with one sub-folder an area: `KAFKA_VECTORS`, or `Tests/Vectors`.
    static var root: URL {
        if let folder = ProcessInfo.processInfo.environment["KAFKA_VECTORS"] {
            return URL(fileURLWithPath: folder, isDirectory: true)
        }
        return testsFolder.appendingPathComponent("Vectors", isDirectory: true)
    }

    static var testsFolder: URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The files of an area, by name. `KAFKA_VECTORS_ONLY=raft/node` keeps those whose path
    /// contains that text.
    static func all(of area: String) -> [VectorFile] {
        let only = ProcessInfo.processInfo.environment["KAFKA_VECTORS_ONLY"]
        let folder = root.appendingPathComponent(area, isDirectory: true)
        let urls = (try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)) ?? []
        return urls.filter { $0.pathExtension == "vec" }
            .map { url in
                let name = url.deletingPathExtension().lastPathComponent
                return VectorFile(area: area, name: name, url: url)
            }
            .filter { only == nil || $0.path.contains(only!) }
            .sorted { $0.name < $1.name }
    }

    /// The areas of the folder, by name.
    static func areas() -> [String] {
        let urls = (try? FileManager.default.contentsOfDirectory(
            at: root, includingPropertiesForKeys: nil)) ?? []
        return urls.filter(\.hasDirectoryPath).map(\.lastPathComponent).sorted()
    }
}
