import Foundation

/// The scenario language as it is explained to people.
func documentation() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
        contentsOf: root.appendingPathComponent("Scenarios/README.md"), encoding: .utf8)
}
