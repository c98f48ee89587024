/// Rules about what a run may be made of: nothing that differs between two processes. The reader of
/// TOML takes part in no run; it may look things up by hash.
extension Rule {
    private static let decidingModules = ["Kernel", "Kafka", "Simulation", "Checks"]
    private static let freeModules = ["samsa", "TOML"]

    /// Iterate, hash, tell the time or run differently from process to process.
    private static let unsteady = [
        "Dictionary", "Set", "Hasher", "hashValue", "NSDictionary", "NSSet",
        "Foundation", "FoundationEssentials", "Date", "ContinuousClock", "SuspendingClock",
        "clock_gettime", "gettimeofday", "Thread", "TaskGroup", "DispatchQueue", "async",
        "await", "SystemRandomNumberGenerator", "ObjectIdentifier",
    ]

    /// Members that draw from the process's own dice.
    private static let dice = ["random", "randomElement", "shuffle", "shuffled"]

    private static let floating = ["Double", "Float", "Float16", "Float32", "Float64", "Float80"]

    static let stateRules = [
        Rule(name: "nothing below samsa uses what differs between two processes") { tree in
            tree.sources.filter { !freeModules.contains($0.module ?? "") }.flatMap { file in
                file.offences(at: { index in
                    let text = file.tokens[index].text
                    if dice.contains(text) { return file.isDrawn(at: index) }
                    if text == "Task" { return file.text(at: index + 1) == "{" }
                    return unsteady.contains(text) && file.isUse(at: index)
                })
            }
        },
        Rule(name: "no dictionary type hides behind brackets") { tree in
            tree.sources.filter { !freeModules.contains($0.module ?? "") }.flatMap { file in
                file.offences(at: file.opensDictionaryType, saying: "a dictionary type")
            }
        },
        Rule(name: "no floating point where it could decide what happens") { tree in
            tree.sources.filter { decidingModules.contains($0.module ?? "") }.flatMap { file in
                file.offences(at: { floating.contains(file.tokens[$0].text) })
            }
        },
        Rule(name: "only samsa prints") { tree in
            tree.sources.filter { $0.module != "samsa" }.flatMap { file in
                file.offences(at: {
                    ["print", "debugPrint", "dump"].contains(file.tokens[$0].text)
                        && file.isUse(at: $0) && file.text(at: $0 + 1) == "("
                        && !["func", "."].contains(file.text(at: $0 - 1))
                })
            }
        },
    ]
}

extension SourceFile {
    func text(at index: Int) -> String? {
        tokens.indices.contains(index) ? tokens[index].text : nil
    }

    func offences(at breaks: (Int) -> Bool, saying what: String? = nil) -> [Offence] {
        tokens.indices.filter(breaks).map {
            Offence(path: path, line: tokens[$0].line, what: what ?? tokens[$0].text)
        }
    }

    /// Whether a word is used as Swift's: neither a case nor a label of ours that reads the same.
    func isUse(at index: Int) -> Bool {
        let isLabel = text(at: index + 1) == ":" && ["(", ","].contains(text(at: index - 1))
        return !["case", "enum", "struct"].contains(text(at: index - 1)) && !isLabel
    }

    /// `list.shuffled()`, but not `.random` of an enum and not with a generator of ours.
    func isDrawn(at index: Int) -> Bool {
        text(at: index - 1) == "." && text(at: index + 1) == "("
            && (text(at: index + 2) == ")" || text(at: index + 2) == "in")
    }

    /// `[Key: Value]`: a bracket, types up to a colon, and a type after it.
    func opensDictionaryType(at index: Int) -> Bool {
        guard text(at: index) == "[", startsType(at: index + 1) else { return false }
        var place = index + 1
        var depth = 0
        while let text = text(at: place), depth > 0 || text != ":" {
            if ["<", "(", "["].contains(text) { depth += 1 }
            if [">", ")", "]"].contains(text) { depth -= 1 }
            let signs = [".", ",", "?", "<", ">", "(", ")", "[", "]", ":"]
            if depth < 0 || !(tokens[place].isWord || signs.contains(text)) { return false }
            if text == "?", place + 1 < tokens.count, tokens[place + 1].isWord { return false }
            place += 1
        }
        return startsType(at: place + 1) || ["[", "("].contains(text(at: place + 1) ?? "")
    }

    private func startsType(at index: Int) -> Bool {
        text(at: index)?.first?.isUppercase ?? false
    }
}
