import Scenarios

/// The command line: the only room that touches the operating system.
@main
enum Samsa {
    static let version = "0.1.0"

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            exit(try perform(words).rawValue)
        } catch let error as UsageError {
            Terminal.complain("samsa: \(error.message)")
        } catch let error as Files.Unreadable {
            Terminal.complain("samsa: \(error.message)")
        } catch {
            Terminal.complain("samsa: \(error)")
            exit(ExitStatus.fault.rawValue)
        }
        exit(ExitStatus.usage.rawValue)
    }

    private static func perform(_ words: [String]) throws -> ExitStatus {
        guard let command = words.first else {
            Terminal.write(Manual.overview)
            return .usage
        }
        let rest = Array(words.dropFirst())
        switch command {
        case "--version", "version":
            Terminal.write("samsa \(version)\n")
            return .asExpected
        case "--help", "-h":
            Terminal.write(Manual.overview)
            return .asExpected
        case "help":
            return try help(rest)
        default:
            break
        }
        guard let manual = Manual.all.first(where: { $0.name == command }) else {
            throw UsageError(unknown(command))
        }
        if rest.contains("--help") || rest.contains("-h") {
            Terminal.write(manual.text)
            return .asExpected
        }
        let arguments = try Arguments(
            rest, options: manual.options + manual.inner, command: command)
        Interrupts.listen()
        switch command {
        case "run": return try RunCommand(arguments).perform()
        case "verify": return try VerifyCommand(arguments).perform()
        default: return try BenchCommand(arguments).perform()
        }
    }

    private static func help(_ words: [String]) throws(UsageError) -> ExitStatus {
        guard let name = words.first else {
            Terminal.write(Manual.overview)
            return .asExpected
        }
        guard let manual = Manual.all.first(where: { $0.name == name }) else {
            throw UsageError(unknown(name))
        }
        Terminal.write(manual.text)
        return .asExpected
    }

    private static func unknown(_ command: String) -> String {
        let near = nearestWord(to: command, among: Manual.all.map(\.name))
        return "there is no command \"\(command)\"" + (near.map { "; did you mean \($0)?" } ?? "")
            + "\nsee: samsa help"
    }
}
