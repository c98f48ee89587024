/// Rules about who may import whom: an arrow of the design, and nothing that is not an arrow.
extension Rule {
    private static let arrows: [String: [String]] = [
        "Kernel": [],
        "TOML": [],
        "Kafka": ["Kernel"],
        "Simulation": ["Kafka", "Kernel"],
        "Checks": ["Simulation", "Kafka", "Kernel"],
        "Scenarios": ["Checks", "Simulation", "Kafka", "Kernel", "TOML"],
        "Exploration": ["Scenarios", "Checks", "Simulation", "Kafka", "Kernel", "TOML"],
        "Reports": ["Exploration", "Scenarios", "Checks", "Simulation", "Kafka", "Kernel", "TOML"],
        "samsa": [
            "Exploration", "Reports", "Scenarios", "Checks", "Simulation", "Kafka", "Kernel",
            "TOML", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin",
            "Synchronization", "Dispatch",
        ],
    ]

    static let importRules = [
        Rule(name: "a module imports only what stands below it") { tree in
            tree.sources.flatMap { file in
                file.imports.compactMap { name, line in
                    guard let module = file.module, let allowed = arrows[module] else {
                        return Offence(path: file.path, line: line, what: "not in a known module")
                    }
                    guard !allowed.contains(name) else { return nil }
                    return Offence(path: file.path, line: line, what: "imports \(name)")
                }
            }
        },
        // A type of its module's name makes the module's other types unreachable by full name.
        Rule(name: "no type bears a module's name") { tree in
            tree.sources.flatMap { file in
                file.declaredTypes.filter { arrows[$0.text] != nil }.map {
                    Offence(path: file.path, line: $0.line, what: "type \($0.text)")
                }
            }
        },
    ]
}

extension SourceFile {
    var imports: [(name: String, line: Int)] {
        tokens.indices.dropLast().filter {
            tokens[$0].text == "import" && ($0 == 0 || tokens[$0 - 1].text != ".")
        }.map { index in
            let kinds = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
            let name = tokens[index + (kinds.contains(tokens[index + 1].text) ? 2 : 1)]
            return (name.text, name.line)
        }
    }

    /// The names of types declared at the top of the file.
    var declaredTypes: [Token] { typeNames { $0 == 0 } }

    /// The names of types declared inside others.
    var nestedTypes: [String] { typeNames { $0 > 0 }.map(\.text) }

    private func typeNames(where isWanted: (_ depth: Int) -> Bool) -> [Token] {
        let kinds = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        var depth = 0
        var types: [Token] = []
        for (index, token) in tokens.enumerated() {
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            guard isWanted(depth), kinds.contains(token.text), text(at: index - 1) != ":",
                let name = text(at: index + 1), tokens[index + 1].isWord, name != "func"
            else { continue }
            types.append(tokens[index + 1])
        }
        return types
    }
}
