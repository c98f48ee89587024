/// Who makes a choice: a process, a link or the scenario itself, numbered by whoever builds the world.
public struct ActorID: Comparable, Hashable, Sendable {
    public var rawValue: UInt32

    @inlinable
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: ActorID, right: ActorID) -> Bool { left.rawValue < right.rawValue }
}

/// What a choice is for. The name is what overrides and recordings print; the code orders keys.
public struct Purpose: Comparable, Hashable, Sendable {
    public let code: UInt16

    @inlinable
    public init(code: UInt16) {
        self.code = code
    }

    @inlinable
    public static func < (left: Purpose, right: Purpose) -> Bool { left.code < right.code }
}

/// The one door through which chance enters a run.
///
/// A choice has a key: (actor, purpose, n-th of its kind). Its value is a hash of seed and key, so
/// adding a broker or a fault leaves everybody else's luck alone; an override for a key wins over
/// the hash, so a run is its seed plus a sparse list of overrides.
public struct Choices: Sendable {
    public struct Key: Comparable, Hashable, Sendable {
        public var actor: ActorID
        public var purpose: Purpose
        public var ordinal: UInt32

        public init(actor: ActorID, purpose: Purpose, ordinal: UInt32) {
            self.actor = actor
            self.purpose = purpose
            self.ordinal = ordinal
        }

        public static func < (left: Key, right: Key) -> Bool {
            (left.actor, left.purpose, left.ordinal) < (right.actor, right.purpose, right.ordinal)
        }
    }

    public let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    /// A number in 0 ..< bound for the next choice of this kind. Precondition: bound > 0.
    public mutating func draw(_ actor: ActorID, _ purpose: Purpose, below bound: UInt64) -> UInt64 {
        fatalError("skeleton")
    }

    /// The next choice of this kind will be `value`, whatever the seed says.
    public mutating func override(_ key: Key, with value: UInt64) {
        fatalError("skeleton")
    }

    /// How many choices of this kind have been made: the ordinal of the next one.
    public func made(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        fatalError("skeleton")
    }
}
