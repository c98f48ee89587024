/// The words of a text with a grammar of its own (a target, a condition), read from the left.
/// Articles are left out: "the controller writes a snapshot" is "controller writes snapshot".
struct Phrase {
    private struct Word {
        var text: String
        /// Scalars before it.
        var offset: Int
    }

    private var words: [Word] = []
    private var index = 0
    private let end: Int
    /// Whether an event could stand where a state is read: for helping with unknown words.
    var mayBeEvent = false

    private static let articles = ["a", "an", "the", "its", "their"]

    init(_ text: String) {
        var current = Word(text: "", offset: 0)
        var offset = 0
        var words: [Word] = []
        func finish() {
            let isWord = !current.text.isEmpty && !Self.articles.contains(current.text)
            if isWord { words.append(current) }
            current.text = ""
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                finish()
            } else if [",", "(", ")"].contains(scalar) {
                finish()
                words.append(Word(text: String(scalar), offset: offset))
            } else {
                if current.text.isEmpty { current.offset = offset }
                current.text.unicodeScalars.append(scalar)
            }
            offset += 1
        }
        finish()
        self.words = words
        end = offset
    }

    /// The next word, or nil at the end.
    var next: String? { index < words.count ? words[index].text : nil }

    func word(after distance: Int) -> String? {
        index + distance < words.count ? words[index + distance].text : nil
    }

    /// Where the next word stands.
    var offset: Int { index < words.count ? words[index].offset : end }

    /// What is still to be read, for guessing what was meant.
    var rest: String { words[index...].map(\.text).joined(separator: " ") }

    mutating func skip(_ count: Int = 1) { index += count }

    /// Takes the words if they come next, all of them or none.
    mutating func take(_ text: String) -> Bool {
        let wanted = text.split(separator: " ")
        guard index + wanted.count <= words.count else { return false }
        for (place, word) in wanted.enumerated() where words[index + place].text != word {
            return false
        }
        index += wanted.count
        return true
    }

    mutating func takeOne(of texts: String...) -> Bool {
        for text in texts where take(text) { return true }
        return false
    }

    mutating func takeNumber() -> Int64? {
        guard let next, let number = natural(next) else { return nil }
        index += 1
        return Int64(number)
    }

    mutating func expectNumber(_ what: String) throws(Complaint) -> Int64 {
        guard let number = takeNumber() else { throw expected("\(what)") }
        return number
    }

    func expectEnd() throws(Complaint) {
        guard let next else { return }
        throw Complaint("did not expect \(shown(next)) here", offset: offset)
    }

    /// "expected …, found …" at the next word.
    func expected(_ what: String, nearest: String? = nil) -> Complaint {
        let found = next.map { "found \(shown($0))" } ?? "found the end of the text"
        return Complaint("expected \(what), \(found)", nearest: nearest, offset: offset)
    }
}
