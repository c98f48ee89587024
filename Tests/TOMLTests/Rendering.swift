import TOML

func read(_ document: String) throws(TOMLError) -> TOMLTable {
    try readTOML(Array(document.utf8))
}

/// A table on one line, for comparing: `{a: 1, b: ["x", 2.5], c: {d: true}}`.
func rendered(_ table: TOMLTable) -> String {
    let entries = table.entries.map { "\($0.key): \(rendered($0.value.kind))" }
    return "{" + entries.joined(separator: ", ") + "}"
}

func rendered(_ kind: TOMLValue.Kind) -> String {
    switch kind {
    case .string(let text): text.debugDescription
    case .integer(let number): String(number)
    case .float(let number): String(number)
    case .boolean(let flag): String(flag)
    case .dateTime(let moment): rendered(moment)
    case .array(let elements):
        "[" + elements.map { rendered($0.kind) }.joined(separator: ", ") + "]"
    case .table(let table): rendered(table)
    }
}

/// Year-month-day, hour:minute:second.nanosecond and minutes east, as far as there are any.
private func rendered(_ moment: TOMLDateTime) -> String {
    var parts: [String] = []
    if let date = moment.date { parts.append("\(date.year)-\(date.month)-\(date.day)") }
    if let time = moment.time {
        parts.append("\(time.hour):\(time.minute):\(time.second).\(time.nanosecond)")
    }
    if let offset = moment.offsetMinutes { parts.append("\(offset)min") }
    return parts.joined(separator: " ")
}
