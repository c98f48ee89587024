import Foundation

/// The lines of the committed files on which we knowingly differ from Kafka, each with its reason:
/// `raft/node-leader.vec case 17 line 1234: reason`.
struct KnownDisagreements: Sendable {
    struct Entry: Sendable, Equatable {
        let path: String
        let caseNumber: Int
        let line: Int
        let reason: String
    }

    let entries: [Entry]

    init(_ text: String) throws {
        var entries: [Entry] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let (place, reason) = VectorText.halves(line, at: ":")
            let words = place.split(separator: " ")
            guard words.count == 5, words[1] == "case", words[3] == "line",
                let caseNumber = Int(words[2]), let number = Int(words[4]),
                let reason = reason?.drop(while: { $0 == " " }), !reason.isEmpty
            else {
                throw VectorFormError(
                    description: "known-disagreements.txt:\(index + 1): "
                        + "expected `area/file.vec case N line N: reason`, found `\(line)`")
            }
            entries.append(
                Entry(
                    path: String(words[0]), caseNumber: caseNumber, line: number,
                    reason: String(reason)))
        }
        self.entries = entries
    }

    static func committed() throws -> KnownDisagreements {
        let path = "Conformance/known-disagreements.txt"
        let url = VectorFile.testsFolder.appendingPathComponent(path)
        return try KnownDisagreements(String(contentsOf: url, encoding: .utf8))
    }

    /// What is wrong with a replayed file: disagreements that are not known, and known ones that
    /// do not occur (any more).
    func judge(_ report: FileReport) -> (unknown: FileReport, stale: [Entry]) {
        let mine = entries.filter { $0.path == report.path }
        var unknown = report
        unknown.disagreements.removeAll { one in
            mine.contains { $0.line == one.line && $0.caseNumber == one.caseNumber }
        }
        let stale = mine.filter { entry in
            !report.disagreements.contains {
                $0.line == entry.line && $0.caseNumber == entry.caseNumber
            }
        }
        return (unknown, stale)
    }
}
