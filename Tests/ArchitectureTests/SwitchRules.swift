/// Rules about names that must be given out once: switches of behaviour and purposes of choices.
extension Rule {
    static let switchRules = [
        // Read at two places, a switch is two switches that one name cannot tell apart.
        Rule(name: "a fix is read at one place") { tree in
            repeated(in: tree) { file, index in
                let isRead = file.text(at: index) == "has" && file.text(at: index + 1) == "("
                guard isRead, file.text(at: index + 2) == "." else { return nil }
                return file.text(at: index + 3)
            }
        },
        // A code shared by two purposes would make them share their luck.
        Rule(name: "a purpose's code is its own") { tree in
            repeated(in: tree) { file, index in
                guard file.isPurpose(at: index) else { return nil }
                return file.text(at: index + 4)
            }
        },
        // An unnamed purpose could not be overridden from a scenario file.
        Rule(name: "a purpose has a name") { tree in
            let named = tree.sources.flatMap(\.namedPurposes)
            return tree.sources.flatMap { file in
                file.tokens.indices.compactMap { index -> Offence? in
                    guard file.isPurpose(at: index), let name = file.declaredName(before: index),
                        !named.contains(name)
                    else { return nil }
                    return Offence(path: file.path, line: file.tokens[index].line, what: name)
                }
            }
        },
    ]

    private static func repeated(
        in tree: SourceTree, _ key: (SourceFile, Int) -> String?
    ) -> [Offence] {
        var firsts: [String: Offence] = [:]
        return tree.sources.flatMap { file in
            file.tokens.indices.compactMap { index -> Offence? in
                guard let key = key(file, index) else { return nil }
                let here = Offence(path: file.path, line: file.tokens[index].line, what: key)
                guard let first = firsts[key] else {
                    firsts[key] = here
                    return nil
                }
                let what = "\(key), as at \(first.path):\(first.line)"
                return Offence(path: here.path, line: here.line, what: what)
            }
        }
    }
}

extension SourceFile {
    /// `Purpose(code: 0x0101)`
    func isPurpose(at index: Int) -> Bool {
        text(at: index) == "Purpose" && text(at: index + 1) == "(" && text(at: index + 2) == "code"
            && text(at: index + 4)?.first?.isNumber == true
    }

    /// What a literal of `PurposeNames` gives words to: the `name` of each `"words": .name`.
    var namedPurposes: [String] {
        guard tokens.contains(where: { $0.text == "PurposeNames" }) else { return [] }
        return tokens.indices.dropLast(3).compactMap { index in
            let isPair = tokens[index].text == "\"\"" && tokens[index + 1].text == ":"
            return isPair && tokens[index + 2].text == "." ? tokens[index + 3].text : nil
        }
    }

    /// The `name` of `let name = …`, `let name: Type = …` or `var name: Type { …`.
    func declaredName(before index: Int) -> String? {
        for place in tokens.indices[..<index].suffix(6).reversed() {
            if ["let", "var"].contains(tokens[place].text) { return text(at: place + 1) }
        }
        return nil
    }
}
