/// What the program tells the shell, so that a script can tell the outcomes apart.
enum ExitStatus: Int32, Comparable {
    /// Everything as the scenarios expect.
    case asExpected = 0
    /// A violation that was not expected, or an expectation that was not met.
    case unexpected = 1
    /// The command line or a scenario file is wrong.
    case usage = 2
    /// Samsa itself is wrong.
    case fault = 70

    static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rawValue < right.rawValue }
}
