import Kafka
import Kernel
import TOML

/// One pass over a scenario file: collects mistakes instead of stopping at the first, and closes
/// openings with the seed.
struct Reading {
    let file: String
    /// What the file names in `[fixed]` is mended.
    let isFixed: Bool
    /// Only for openings; a run makes its other choices itself.
    private var choices: Choices
    /// Fixes that are taken out besides those that the file takes out itself.
    let takenOut: [Fix]
    private(set) var errors: [ScenarioError] = []
    private(set) var unlisted = 0
    private(set) var openings: [Opening] = []
    /// Kafka's settings as the tables give them.
    var settings: [Outcome.Setting] = []

    init(file: String, choices: Choices, isFixed: Bool = false, takenOut: [Fix] = []) {
        self.file = file
        self.isFixed = isFixed
        self.choices = choices
        self.takenOut = takenOut
    }

    mutating func report(_ what: String, nearest: String? = nil, at position: TOMLPosition) {
        guard errors.count < ScenarioErrors.limit else {
            unlisted += 1
            return
        }
        errors.append(ScenarioError(file: file, position: position, what: what, nearest: nearest))
    }

    /// Searching for what was meant costs more than the mistake; enough is enough.
    var mayGuess: Bool { errors.count < ScenarioErrors.limit }

    var mistakes: Int { errors.count + unlisted }

    var problems: ScenarioErrors? {
        errors.isEmpty ? nil : ScenarioErrors(errors, unlisted: unlisted)
    }
}

extension Reading {
    /// The value in this form. Every alternative of an opening is checked, one is chosen.
    mutating func read<Value>(_ value: TOMLValue, as form: Form<Value>, path: String) -> Value? {
        if let alternatives = alternatives(of: value) {
            return choose(among: alternatives, as: form, path: path, at: value.position)
        }
        if form.span != nil, case .string(let text) = value.kind, text.contains("..") {
            return draw(fromRange: text, as: form, path: path, at: value.position)
        }
        return close(value, as: form, path: path)
    }

    /// `{ any = […] }`, or nil if the value is none.
    private func alternatives(of value: TOMLValue) -> TOMLValue? {
        guard case .table(let table) = value.kind, table.entries.count == 1,
            table.entries[0].key == "any"
        else { return nil }
        return table.entries[0].value
    }

    private mutating func choose<Value>(
        among list: TOMLValue, as form: Form<Value>, path: String, at position: TOMLPosition
    ) -> Value? {
        guard case .array(let alternatives) = list.kind, !alternatives.isEmpty else {
            report("\(path): \"any\" takes a list of values, of which the seed picks one",
                at: list.position)
            return nil
        }
        var values: [Value?] = []
        for (index, alternative) in alternatives.enumerated() {
            values.append(read(alternative, as: form, path: "\(path).any[\(index + 1)]"))
        }
        return values[Int(open(path, at: position, among: UInt64(values.count)))]
    }

    private mutating func draw<Value>(
        fromRange text: String, as form: Form<Value>, path: String, at position: TOMLPosition
    ) -> Value? {
        let dots = text.firstRange(of: "..")!
        guard dots.lowerBound > text.startIndex, dots.upperBound < text.endIndex else {
            report("\(path): a range has two ends, as in \"1..10\"", at: position)
            return nil
        }
        let low = readBound(text[..<dots.lowerBound], as: form, path: path, at: position)
        let high = readBound(text[dots.upperBound...], as: form, path: path, at: position)
        guard let low, let high, let span = form.span else { return nil }
        guard let steps = span.steps(low, high) else {
            report("\(path): the range \(shown(text)) ends before it begins", at: position)
            return nil
        }
        // A span of 2^64 values: its last one is given up, so that the count can be written down.
        let count = steps == .max ? .max : steps + 1
        return span.value(low, open(path, at: position, among: count))
    }

    /// Bounds of an integer range stand in a text and are read as if they did not.
    private mutating func readBound<Value>(
        _ text: Substring, as form: Form<Value>, path: String, at position: TOMLPosition
    ) -> Value? {
        let kind: TOMLValue.Kind = Int64(text).map { .integer($0) } ?? .string(String(text))
        return close(TOMLValue(kind, at: position), as: form, path: path)
    }

    private mutating func open(
        _ path: String, at position: TOMLPosition, among count: UInt64
    ) -> UInt64 {
        let key = Opening.key(of: path)
        let value = choices.draw(key, below: count)
        let choice = Choices.Made(key: key, bound: count, value: value)
        openings.append(Opening(path: path, position: position, choice: choice))
        return value
    }

    private mutating func close<Value>(
        _ value: TOMLValue, as form: Form<Value>, path: String
    ) -> Value? {
        do throws(Complaint) {
            if let result = try form.read(value.kind) { return result }
            report("\(path): expected \(form.expectation), found \(value.kind.name)",
                at: value.position)
        } catch {
            var position = value.position
            if let offset = error.offset { position.column += 1 + offset }
            report("\(path): \(error.what)", nearest: error.nearest, at: position)
        }
        return nil
    }
}
