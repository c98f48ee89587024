import TOML

/// Reads the keys of one table by name, remembers which were asked for, and at the end reports
/// every other one: in a scenario file a key that nobody reads is a mistake.
struct TableReader {
    /// For messages and openings: `cluster`, `step[2]`; empty for the file itself.
    let path: String
    let position: TOMLPosition
    /// In a step: what it does, which further keys belong to.
    var verb: (title: String, position: TOMLPosition)?
    private let schema: Schema.Table
    private let entries: [TOMLTable.Entry]
    private var isUsed: [Bool]

    init(_ table: TOMLTable, path: String, schema: Schema.Table, at position: TOMLPosition) {
        self.path = path
        self.position = position
        self.schema = schema
        entries = schema.hasDottedNames ? flattened(table) : table.entries
        isUsed = Array(repeating: false, count: entries.count)
    }

    func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    func has(_ key: String) -> Bool {
        entries.contains { $0.key == key }
    }

    /// The entry for the key, which counts as read.
    mutating func take(_ key: String) -> TOMLTable.Entry? {
        precondition(schema.has(key), "\(key) is not in the schema of \(schema.name)")
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        isUsed[index] = true
        return entries[index]
    }

    mutating func read<Value>(
        _ key: String, as form: Form<Value>, _ reading: inout Reading
    ) -> Value? {
        guard let entry = take(key) else { return nil }
        return reading.read(entry.value, as: form, path: path(of: key))
    }

    /// The same for a key that must be there.
    mutating func require<Value>(
        _ key: String, as form: Form<Value>, _ reading: inout Reading
    ) -> Value? {
        if !has(key) {
            let subject = verb ?? (title, position)
            reading.report(
                "\(subject.title) needs \(shown(key)): \(form.expectation)", at: subject.position)
        }
        return read(key, as: form, &reading)
    }

    /// A list of values, each with where it stands.
    mutating func readList<Value>(
        _ key: String, as form: Form<Value>, _ reading: inout Reading
    ) -> [(value: Value, source: TOMLValue)] {
        guard let entry = take(key) else { return [] }
        guard case .array(let elements) = entry.value.kind else {
            reading.report(
                "\(path(of: key)): expected a list, found \(entry.value.kind.name)",
                at: entry.value.position)
            return []
        }
        var values: [(Value, TOMLValue)] = []
        for (index, element) in elements.enumerated() {
            let place = "\(path(of: key))[\(index + 1)]"
            if let value = reading.read(element, as: form, path: place) {
                values.append((value, element))
            }
        }
        return values
    }

    /// `[key]`, once.
    mutating func readTable(_ key: String, _ reading: inout Reading) -> TableReader? {
        guard let entry = take(key) else { return nil }
        guard case .table(let table) = entry.value.kind else {
            reading.report(
                "\(path(of: key)): expected a table, written [\(path(of: key))]",
                at: entry.keyPosition)
            return nil
        }
        return TableReader(
            table, path: path(of: key), schema: Schema.table(path(of: key)),
            at: entry.value.position)
    }

    /// `[key.name]`, any number of times: the tables by their names.
    mutating func readNamedTables(
        _ key: String, _ reading: inout Reading
    ) -> [(name: TOMLTable.Entry, table: TableReader)] {
        guard let entry = take(key) else { return [] }
        guard case .table(let tables) = entry.value.kind else {
            reading.report(
                "\(key): expected tables with names, each written [\(key).…]",
                at: entry.keyPosition)
            return []
        }
        var readers: [(TOMLTable.Entry, TableReader)] = []
        for named in tables.entries {
            guard case .table(let table) = named.value.kind else {
                reading.report(
                    "\(key): expected tables with names, each written [\(key).…]",
                    at: named.pathPosition)
                continue
            }
            readers.append(
                (
                    named,
                    TableReader(
                        table, path: "\(key).\(named.key)", schema: Schema.table(key),
                        at: named.value.position)
                ))
        }
        return readers
    }

    /// `[[key]]`, any number of times; where `[key]` is allowed too, it counts as one.
    mutating func readTables(
        _ key: String, mayBeSingle: Bool, _ reading: inout Reading
    ) -> [TableReader] {
        guard let entry = take(key) else { return [] }
        let schema = Schema.table(path(of: key))
        if mayBeSingle, case .table(let table) = entry.value.kind {
            return [
                TableReader(table, path: path(of: key), schema: schema, at: entry.value.position)
            ]
        }
        guard case .array(let elements) = entry.value.kind else {
            reading.report(
                "\(path(of: key)): expected a list of tables, each written [[\(path(of: key))]]",
                at: entry.keyPosition)
            return []
        }
        var readers: [TableReader] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let table) = element.kind else {
                reading.report(
                    "\(path(of: key))[\(index + 1)]: expected a table, found \(element.kind.name)",
                    at: element.position)
                continue
            }
            // By name where there is one: then openings keep their luck when steps come and go.
            var place = String(index + 1)
            if case .string(let name)? = table["name"]?.kind, schema.has("name") { place = name }
            readers.append(
                TableReader(
                    table, path: "\(path(of: key))[\(place)]", schema: schema,
                    at: element.position))
        }
        return readers
    }

    /// Everything that has not been read, as if it had been.
    mutating func takeRest() -> [TOMLTable.Entry] {
        let rest = zip(entries, isUsed).filter { !$0.1 }.map(\.0)
        isUsed = Array(repeating: true, count: entries.count)
        return rest
    }

    /// Reports what nobody asked for.
    mutating func finish(_ reading: inout Reading) {
        for entry in takeRest() { reportUnknown(entry, alsoKnown: [], &reading) }
    }

    func reportUnknown(
        _ entry: TOMLTable.Entry, alsoKnown: [String], _ reading: inout Reading
    ) {
        let names = schema.keys.map(\.name) + alsoKnown
        let isTable = if case .table = entry.value.kind { path.isEmpty } else { false }
        let nearest =
            schema.synonym(of: entry.key)
            ?? (reading.mayGuess ? nearestWord(to: entry.key, among: names) : nil)
        reading.report(
            "unknown \(isTable ? "table" : "key") \(shown(entry.key)) in \(title)",
            nearest: nearest, at: entry.pathPosition)
    }

    /// What the file says there, if it says it in one word.
    func sourceText(of key: String) -> String? {
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return switch entry.value.kind {
        case .string(let text): text
        case .integer(let number): String(number)
        default: "…"
        }
    }

    func keyPosition(of key: String) -> TOMLPosition {
        entries.first { $0.key == key }?.pathPosition ?? position
    }

    var hasUnknownKeys: Bool {
        entries.contains { !schema.has($0.key) }
    }

    /// How the table is called in messages.
    var title: String { schema.title }
}

/// The values of nested tables under their dotted names: to Kafka `a.b.c` is one name, to TOML
/// two tables and a key. Openings are values, although TOML writes them as tables.
private func flattened(_ table: TOMLTable) -> [TOMLTable.Entry] {
    var flat: [TOMLTable.Entry] = []
    func walk(_ table: TOMLTable, _ prefix: String) {
        for entry in table.entries {
            var named = entry
            named.key = prefix + entry.key
            guard case .table(let inner) = entry.value.kind, inner["any"] == nil else {
                flat.append(named)
                continue
            }
            walk(inner, named.key + ".")
        }
    }
    walk(table, "")
    return flat
}
