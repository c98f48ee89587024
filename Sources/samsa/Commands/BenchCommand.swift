/// `samsa bench`: figures of this build on this machine.
struct BenchCommand {
    init(_ arguments: Arguments) throws {
    }

    func perform() throws -> ExitStatus {
        .asExpected
    }
}
