extension Form where Value == String {
    static let text = Form("a text in quotes") { kind throws(Complaint) in
        guard case .string(let text) = kind else { return nil }
        return text
    }
}

extension Form where Value == Bool {
    static let flag = Form("true or false") { kind throws(Complaint) in
        guard case .boolean(let flag) = kind else { return nil }
        return flag
    }
}

extension Form where Value == Int64 {
    /// A range may be left open as text: `"1..10"`.
    static func integer(in range: ClosedRange<Int64> = .min ... .max) -> Form {
        let bounds =
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): "an integer"
            case (let low, .max): "an integer from \(low)"
            case (let low, let high): "an integer from \(low) to \(high)"
            }
        let steps = Span(
            steps: { low, high in low <= high ? UInt64(bitPattern: high &- low) : nil },
            value: { low, step in low &+ Int64(bitPattern: step) })
        return Form(bounds, span: steps) { kind throws(Complaint) in
            guard case .integer(let number) = kind else { return nil }
            guard range.contains(number) else { throw Complaint("\(number) is not \(bounds)") }
            return number
        }
    }
}

extension Form {
    /// One word of a list.
    static func word(
        _ what: String, _ words: [(String, Value)]
    ) -> Form where Value: Sendable {
        let names = words.map(\.0)
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let expectation = names.count == 1 ? list : "one of \(list)"
        return Form(expectation) { kind throws(Complaint) in
            guard case .string(let text) = kind else { return nil }
            if let found = words.first(where: { $0.0 == text }) { return found.1 }
            let nearest = nearestWord(to: text, among: names)
            let help = nearest == nil && list.utf8.count <= 120 ? "; expected \(expectation)" : ""
            throw Complaint("unknown \(what) \(shown(text))\(help)", nearest: nearest)
        }
    }

    static func word(_ what: String) -> Form
    where Value: CaseIterable & Sendable & RawRepresentable, Value.RawValue == String {
        .word(what, Value.allCases.map { ($0.rawValue, $0) })
    }

    /// A text with a grammar of its own.
    static func phrase(
        _ expectation: String,
        _ parse: @escaping @Sendable (inout Phrase) throws(Complaint) -> Value
    ) -> Form {
        Form(expectation) { kind throws(Complaint) in
            guard case .string(let text) = kind else { return nil }
            var phrase = Phrase(text)
            let value = try parse(&phrase)
            try phrase.expectEnd()
            return value
        }
    }
}

/// A piece of the file in quotes, short and without control characters.
func shown(_ text: some StringProtocol) -> String {
    let longest = 60
    let scalars = text.unicodeScalars.prefix(longest).map { scalar in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : String(scalar)
    }
    let isCut = text.unicodeScalars.dropFirst(longest).isEmpty == false
    return "\"\(scalars.joined())\(isCut ? "…" : "")\""
}
