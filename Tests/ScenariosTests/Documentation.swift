import Foundation

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// The scenario language as it is explained to people.
func documentation() throws -> String {
    try String(
        contentsOf: repository.appendingPathComponent("Scenarios/README.md"), encoding: .utf8)
}
