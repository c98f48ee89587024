import Kafka
import Kernel
import Scenarios

/// One option of a command: `--seed N`, or a switch when it takes no value.
struct Option {
    var name: String
    /// How help calls the value; nil for a switch.
    var value: String?
    var help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}

/// A command line that makes no sense, told to the person who wrote it.
struct UsageError: Error {
    var message: String
    init(_ message: String) { self.message = message }
}

/// The words after a command, sorted into options and paths. `--name value` and `--name=value` are
/// the same; `--` ends the options; an option is given once.
struct Arguments {
    private(set) var paths: [String] = []
    private var given: [(name: String, value: String?)] = []

    init(_ words: [String], options: [Option], command: String) throws(UsageError) {
        var index = 0
        var onlyPaths = false
        while index < words.count {
            let word = words[index]
            index += 1
            if onlyPaths || !word.hasPrefix("-") || word == "-" {
                paths.append(word)
            } else if word == "--" {
                onlyPaths = true
            } else {
                let name = String(word.prefix { $0 != "=" })
                guard let option = options.first(where: { $0.name == name }) else {
                    let near = nearestWord(to: name, among: options.map(\.name))
                    throw UsageError(
                        "unknown option \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
                            + "\nsee: samsa help \(command)")
                }
                guard !has(name) else { throw UsageError("\(name) is given twice") }
                var value = name.count < word.count ? String(word.dropFirst(name.count + 1)) : nil
                if let expected = option.value {
                    if value == nil, index < words.count {
                        value = words[index]
                        index += 1
                    }
                    guard value != nil else { throw UsageError("\(name) needs \(expected)") }
                } else if value != nil {
                    throw UsageError("\(name) takes no value")
                }
                given.append((name, value))
            }
        }
    }

    func has(_ name: String) -> Bool { given.contains { $0.name == name } }

    func value(_ name: String) -> String? { given.first { $0.name == name }?.value }

    func number(_ name: String) throws(UsageError) -> UInt64? {
        guard let text = value(name) else { return nil }
        guard let number = UInt64(text) else {
            throw UsageError("\(name) needs a whole number, not \"\(text)\"")
        }
        return number
    }

    /// `1..200`, both ends included; a single number is a range of one.
    func range(_ name: String) throws(UsageError) -> ClosedRange<UInt64>? {
        guard let text = value(name) else { return nil }
        let wrong = UsageError("\(name) needs a range such as 1..200, not \"\(text)\"")
        if let single = UInt64(text) { return single...single }
        guard let dots = text.firstRange(of: "..") else { throw wrong }
        guard let first = UInt64(text[..<dots.lowerBound]),
              let last = UInt64(text[dots.upperBound...]) else { throw wrong }
        guard first <= last else { throw UsageError("\(name): \(first) is after \(last)") }
        return first...last
    }

    /// A virtual time such as `12.5s`.
    func instant(_ name: String) throws(UsageError) -> Instant? {
        guard let text = value(name) else { return nil }
        do {
            return .zero + (try Interval(parsing: text))
        } catch {
            throw UsageError("\(name): \(error)")
        }
    }

    /// `KIP-101,KIP-497`
    func fixes(_ name: String) throws(UsageError) -> [Fix] {
        guard let text = value(name) else { return [] }
        var fixes: [Fix] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let fix = Fix.allCases.first(where: { $0.name == word }) else {
                let near = nearestWord(to: String(word), among: Fix.allCases.map(\.name))
                throw UsageError(
                    "\(name): there is no fix called \"\(word)\""
                        + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            fixes.append(fix)
        }
        return fixes
    }

    func word(_ name: String, among words: [String]) throws(UsageError) -> String? {
        guard let text = value(name) else { return nil }
        guard words.contains(text) else {
            let near = nearestWord(to: text, among: words)
            throw UsageError(
                "\(name) is one of \(words.joined(separator: ", ")), not \"\(text)\""
                    + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        return text
    }
}
