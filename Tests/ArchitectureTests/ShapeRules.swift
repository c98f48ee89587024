/// Rules about the shape of code.
extension Rule {
    static let longestFunction = 70

    static let shapeRules = [
        Rule(name: "functions have at most 70 lines") { tree in
            tree.files.flatMap { file in
                file.bodies.filter { $0.lines > longestFunction }.map {
                    Offence(path: file.path, line: $0.line, what: "\($0.lines) lines")
                }
            }
        }
    ]
}

extension SourceFile {
    private static let beginnings = ["func", "init", "deinit", "subscript"]

    /// What ends a declaration that has no body.
    private static let others = beginnings + [
        "var", "let", "case", "struct", "enum", "class", "extension", "protocol", "typealias",
        "static", "public", "private", "mutating", "}",
    ]

    /// Functions, initialisers and subscripts: where they begin and how many lines they take, those
    /// of functions inside them not counted.
    var bodies: [(line: Int, lines: Int)] {
        var bodies: [(begin: Int, end: Int, lines: Int)] = []
        for index in tokens.indices.reversed() {
            guard Self.beginnings.contains(tokens[index].text), text(at: index - 1) != ".",
                let open = openingBrace(after: index), let close = closingBrace(of: open)
            else { continue }
            let inside = bodies.lazy.filter { $0.end < close }.map(\.lines).reduce(0, +)
            let lines = tokens[close].line - tokens[index].line + 1
            bodies.append((index, close, lines - inside))
        }
        return bodies.reversed().map { (tokens[$0.begin].line, $0.lines) }
    }

    private func openingBrace(after start: Int) -> Int? {
        var depth = 0
        for index in tokens.indices[(start + 1)...] {
            switch tokens[index].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return index
            case let text where depth == 0 && Self.others.contains(text): return nil
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int? {
        var depth = 0
        return tokens.indices[open...].first { index in
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" { depth -= 1 }
            return depth == 0
        }
    }
}
