import Kernel
import TOML

extension Purpose {
    /// What the seed puts where a scenario leaves a value open.
    static let scenarioOpening = Purpose(code: 0x0901)
}

extension PurposeNames {
    public static let scenarios: PurposeNames = ["scenario.opening": .scenarioOpening]
}

/// A value that a scenario file leaves to the seed, and what became of it.
public struct Opening: Hashable, Sendable {
    /// `cluster.controllers`, `step[2].at`: also what its choice is keyed by, so that opening
    /// another value leaves this one's luck alone.
    public var path: String
    public var position: TOMLPosition
    public var choice: Choices.Made

    /// The choice that belongs to a path.
    static func key(of path: String) -> Choices.Key {
        var print = Fingerprint()
        print.combine(path)
        let value = print.value
        return Choices.Key(
            actor: ActorID(UInt32(truncatingIfNeeded: value >> 32)), purpose: .scenarioOpening,
            ordinal: UInt32(truncatingIfNeeded: value))
    }
}
