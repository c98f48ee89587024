/// What one kind of vector file asks of our machines: a case is a fresh adapter, a line is one
/// thing done to it, and it answers in the words of the file's header.
protocol VectorAdapter {
    /// A new case: `case N name=value …`.
    init(case settings: VectorLine) throws

    /// Whether a line is something that the operation above it brought about (`send`, `tell`,
    /// `state`), so that it is compared with what `perform` appended to its effects.
    static func isEffect(_ line: VectorLine) -> Bool

    /// Does what the line says. Returns what stands right of ` -> `, nil if the line is an input
    /// that has no answer, and appends the whole lines that should follow it.
    mutating func perform(_ operation: VectorLine, _ effects: inout [String]) throws -> String?
}

extension VectorAdapter {
    static func isEffect(_ line: VectorLine) -> Bool { false }
}

/// One folder of vector files: which adapter replays which of its files.
protocol VectorArea {
    static var name: String { get }

    /// Nil: nothing of ours answers this file yet.
    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)?
}

extension VectorArea {
    static var files: [VectorFile] {
        VectorFile.all(of: name).filter { adapter(for: $0) != nil }
    }
}
