import Kafka
import Scenarios

/// The files that the paths of a command line mean: a folder stands for all that is under it.
func scenarioFiles(_ paths: [String], command: String) throws -> [String] {
    guard !paths.isEmpty else {
        throw UsageError(
            "\(command) needs a scenario file or a folder of them\n"
                + "see: samsa help \(command)")
    }
    var files: [String] = []
    for path in paths {
        if try Files.isFolder(path) {
            let found = try Files.scenarios(under: path)
            guard !found.isEmpty else { throw UsageError("\(path) holds no *.toml file") }
            files += found
        } else {
            files.append(path)
        }
    }
    return files
}

func loadScenario(
    _ file: String, without takenOut: [Fix] = []
) throws(ScenarioErrors) -> Scenario {
    let bytes: [UInt8]
    do {
        bytes = try Files.read(file)
    } catch {
        throw .unreadable(file, reason: error.reason)
    }
    return try Scenario.load(bytes: bytes, file: file, without: takenOut)
}
