import Foundation

/// The program as a user has it: another process, its arguments, and what it prints.
struct SamsaProcess {
    var status: Int32
    var output: String
    var complaints: String

    /// The folder of the project: three above this file.
    static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs samsa in the project's folder.
    static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> SamsaProcess {
        let process = Process()
        process.executableURL = try executable()
        process.arguments = arguments
        process.currentDirectoryURL = project
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let files = [temporaryFile(), temporaryFile()]
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        return SamsaProcess(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
            complaints: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
    }

    static func temporaryFile() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    }

    struct NotBuilt: Error {}

    /// It is built beside the tests.
    private static func executable() throws -> URL {
        var places = [URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()]
        places += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        for place in places {
            let candidate = place.appendingPathComponent("samsa")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        throw NotBuilt()
    }
}
