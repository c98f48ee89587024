/// Rules about the bare text of any file.
extension Rule {
    static let textRules = [
        // A literal alone on its line, or a test's name, is a sentence and better long than cut.
        Rule(name: "lines have at most 100 columns") { tree in
            tree.eachLine(of: { $0.path.hasSuffix(".swift") }) { line in
                let isSentence = line.contains("`") || line.isQuoted
                return line.count > 100 && !isSentence ? "\(line.count) columns" : nil
            }
        },
        Rule(name: "files have at most 500 lines") { tree in
            tree.files.filter { $0.path.hasSuffix(".swift") && $0.lines.count > 501 }.map {
                Offence(path: $0.path, line: 501, what: "\($0.lines.count - 1) lines")
            }
        },
        Rule(name: "nothing is left to do later") { tree in
            let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "skele" + "ton", "stu" + "bbed"]
            return tree.eachLine(of: { $0.path.hasSuffix(".swift") }) { line in
                words.first { line.contains($0) }
            }
        },
        // A clone must not know where it was written.
        Rule(name: "no place of a development machine is named") { tree in
            tree.eachLine(of: { _ in true }, machinePlace)
        },
        Rule(name: "the top level holds what the design lists") { tree in
            let expected = [
                "Package.swift", "README.md", "Reports", "Scenarios", "Sources", "Tests",
            ]
            return tree.topLevel.filter { !expected.contains($0) }
                .map { Offence(path: $0, line: 1, what: "unexpected at the top level") }
        },
    ]

    /// Kafka's own defaults for its folders are facts, not places of ours.
    private static func machinePlace(_ line: Substring) -> String? {
        for root in ["work", "tmp", "home", "root", "Users"] {
            var rest = line
            while let found = rest.firstRange(of: "/" + root) {
                let after = rest[found.upperBound...].first
                let before = line[..<found.lowerBound].last
                let starts = before.map { !$0.isLetter && !$0.isNumber && !"._-/~)}".contains($0) }
                let ends = after.map { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }
                if starts ?? true, ends ?? true, !rest[found.upperBound...].hasPrefix("/kafka-") {
                    return "/" + root
                }
                rest = rest[found.upperBound...]
            }
        }
        return nil
    }
}

extension SourceTree {
    func eachLine(
        of belongs: (SourceFile) -> Bool, _ judge: (Substring) -> String?
    ) -> [Offence] {
        files.filter(belongs).flatMap { file in
            file.lines.enumerated().compactMap { index, line in
                judge(line).map { Offence(path: file.path, line: index + 1, what: $0) }
            }
        }
    }
}

extension Substring {
    fileprivate var isQuoted: Bool {
        drop { $0 == " " }.first == "\"" && (hasSuffix("\"") || hasSuffix("\","))
    }
}
