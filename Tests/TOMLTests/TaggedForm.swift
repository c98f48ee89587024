import Foundation
import TOML

/// Compares a table with toml-test's tagged JSON: a scalar there is
/// `{"type": "integer", "value": "1"}`, tables and arrays are JSON's own.
enum TaggedForm {
    /// The first difference, as a dotted path and what differs; nil when there is none.
    static func difference(_ table: TOMLTable, _ json: Data) throws -> String? {
        difference(.table(table), try JSONSerialization.jsonObject(with: json), at: "document")
    }

    private static func difference(
        _ kind: TOMLValue.Kind, _ json: Any, at path: String
    ) -> String? {
        if let elements = json as? [Any] {
            guard case .array(let values) = kind else { return "\(path): expected an array" }
            guard values.count == elements.count else { return "\(path): lengths differ" }
            for (index, (value, element)) in zip(values, elements).enumerated() {
                if let found = difference(value.kind, element, at: "\(path)[\(index)]") {
                    return found
                }
            }
            return nil
        }
        guard let object = json as? [String: Any] else { return "\(path): not in tagged form" }
        if object.count == 2, let type = object["type"] as? String,
            let text = object["value"] as? String
        {
            let isSame = matches(kind, type: type, text: text)
            return isSame ? nil : "\(path): \(kind) is not \(type) \(text)"
        }
        guard case .table(let table) = kind else { return "\(path): expected a table" }
        guard table.entries.count == object.count else { return "\(path): number of keys differs" }
        for entry in table.entries {
            guard let expected = object[entry.key] else { return "\(path): extra key \(entry.key)" }
            if let found = difference(entry.value.kind, expected, at: "\(path).\(entry.key)") {
                return found
            }
        }
        return nil
    }

    private static func matches(_ kind: TOMLValue.Kind, type: String, text: String) -> Bool {
        switch (kind, type) {
        case (.string(let value), "string"): Array(value.utf8) == Array(text.utf8)
        case (.integer(let value), "integer"): value == Int64(text)
        case (.boolean(let value), "bool"): value == Bool(text)
        case (.float(let value), "float"):
            value.isNaN ? text.hasSuffix("nan") : value == Double(text)
        case (.dateTime(let value), _): value == dateTime(text) && value.typeTag == type
        default: false
        }
    }

    /// The companion's text is itself a TOML date or time.
    private static func dateTime(_ text: String) -> TOMLDateTime? {
        guard let table = try? readTOML(Array("value = \(text)".utf8)),
            case .dateTime(let value)? = table["value"]?.kind
        else { return nil }
        return value
    }
}

extension TOMLDateTime {
    fileprivate var typeTag: String {
        if offsetMinutes != nil { return "datetime" }
        if date == nil { return "time-local" }
        return time == nil ? "date-local" : "datetime-local"
    }
}
