/// The one door through which chance enters a run.
///
/// A choice has a key: (actor, purpose, n-th of its kind). Its value is a hash of seed and key, so
/// adding a broker or a fault leaves everybody else's luck alone; an override for a key wins over
/// the hash, so a run is its seed plus a sparse list of overrides.
///
/// Most actors let `Choices` count for them. One that numbers its acts anyway (a link numbers its
/// messages) passes the ordinal itself: then the count lives with its owner, and a hundred
/// thousand links cost the dice nothing.
public struct Choices: Sendable {
    @frozen
    public struct Key: Comparable, Hashable, Sendable {
        public var actor: ActorID
        public var purpose: Purpose
        public var ordinal: UInt32

        @inlinable
        public init(actor: ActorID, purpose: Purpose, ordinal: UInt32) {
            self.actor = actor
            self.purpose = purpose
            self.ordinal = ordinal
        }

        @inlinable
        public static func < (left: Key, right: Key) -> Bool {
            (left.actor, left.purpose, left.ordinal) < (right.actor, right.purpose, right.ordinal)
        }
    }

    /// A choice that was made, as a recording keeps it.
    @frozen
    public struct Made: Hashable, Sendable {
        public var key: Key
        /// What the value was below; a search enumerates 0 ..< bound.
        public var bound: UInt64
        public var value: UInt64

        @inlinable
        public init(key: Key, bound: UInt64, value: UInt64) {
            self.key = key
            self.bound = bound
            self.value = value
        }
    }

    public private(set) var seed: UInt64

    /// Ordered by key.
    public var overrides: SortedMap<Key, UInt64> { fixed?.value ?? SortedMap() }

    /// The overrides, if there are any: most runs have none, and every fork would count references.
    private var fixed: Shared<SortedMap<Key, UInt64>>?

    /// The choices made since recording began, in the order in which they were made; nil when off.
    public private(set) var recording: SegmentedArray<Made>?

    private var counters: ChoiceCounters

    public init(seed: UInt64) {
        self.init(seed: seed, overrides: SortedMap())
    }

    public init(seed: UInt64, overrides: SortedMap<Key, UInt64>) {
        self.seed = seed
        if !overrides.isEmpty { fixed = Shared(overrides) }
        counters = ChoiceCounters()
    }

    /// The run that `made` was recorded from, whatever the seed: each choice again as it was.
    public init(seed: UInt64, replaying made: some Sequence<Made>) {
        var overrides = SortedMap<Key, UInt64>()
        for choice in made { overrides[choice.key] = choice.value }
        self.init(seed: seed, overrides: overrides)
    }

    /// From now on every choice is noted in `recording`.
    public mutating func startRecording() {
        recording = SegmentedArray()
    }

    /// From now on the luck is that of another seed. What was counted goes on being counted.
    public mutating func reseed(_ seed: UInt64) {
        self.seed = seed
    }

    /// The next choice of this kind will be `value`, whatever the seed says. A value that is out of
    /// the choice's bound when it comes to it counts as the greatest within: scenarios outlive
    /// the ranges they were found with.
    public mutating func override(_ key: Key, with value: UInt64) {
        if fixed == nil { fixed = Shared(SortedMap()) }
        fixed?.value[key] = value
    }

    /// A number in 0 ..< bound for the next choice of this kind. Precondition: bound > 0.
    public mutating func draw(_ actor: ActorID, _ purpose: Purpose, below bound: UInt64) -> UInt64 {
        let ordinal = counters.next(actor, purpose)
        return draw(Key(actor: actor, purpose: purpose, ordinal: ordinal), below: bound)
    }

    /// The same for an actor that counts for itself. Precondition: bound > 0.
    public mutating func draw(_ key: Key, below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a choice needs at least one possibility")
        let value: UInt64
        if let fixed, let override = fixed.value[key] {
            value = min(override, bound - 1)
        } else {
            value = keyedHash(seed, key).multipliedFullWidth(by: bound).high
        }
        recording?.append(Made(key: key, bound: bound, value: value))
        return value
    }

    /// How many choices of this kind have been made: the ordinal of the next one.
    public func made(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        counters.made(actor, purpose)
    }
}

extension Choices {
    /// Whether something happens that does so `numerator` times in `denominator`.
    public mutating func happens(
        _ actor: ActorID, _ purpose: Purpose, _ numerator: UInt64, of denominator: UInt64
    ) -> Bool {
        draw(actor, purpose, below: denominator) < numerator
    }

    /// An integer of the range, each as likely as the others.
    public mutating func draw(
        _ actor: ActorID, _ purpose: Purpose, in range: ClosedRange<Int64>
    ) -> Int64 {
        let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        precondition(span < .max, "the range holds more integers than a choice can tell apart")
        let offset = draw(actor, purpose, below: span + 1)
        return range.lowerBound &+ Int64(bitPattern: offset)
    }

    public mutating func draw(
        _ actor: ActorID, _ purpose: Purpose, in range: ClosedRange<Interval>
    ) -> Interval {
        let range = range.lowerBound.nanoseconds...range.upperBound.nanoseconds
        return Interval(nanoseconds: draw(actor, purpose, in: range))
    }

    /// A value of the distribution; the choice itself is the rank, in parts of
    /// `Distribution.whole`.
    public mutating func draw(
        _ actor: ActorID, _ purpose: Purpose, from distribution: Distribution
    ) -> Int64 {
        distribution.value(atRank: draw(actor, purpose, below: Distribution.whole))
    }
}

/// Sixty-four bits that depend on every bit of seed and key and look like no other key's.
func keyedHash(_ seed: UInt64, _ key: Choices.Key) -> UInt64 {
    var hash = seed &+ 0x9e37_79b9_7f4a_7c15
    hash = scramble(hash ^ (UInt64(key.actor.rawValue) << 32 | UInt64(key.ordinal)))
    return scramble(hash &+ UInt64(key.purpose.code) &* 0xd1b5_4a32_d192_ed03)
}

/// A bijection in which each output bit depends on all input bits (two rounds of multiply and
/// shift; the constants are Pelle Evensen's "moremur").
@inlinable
public func scramble(_ word: UInt64) -> UInt64 {
    var word = (word ^ (word >> 27)) &* 0x3c79_ac49_2ba7_b653
    word = (word ^ (word >> 33)) &* 0x1c69_b3f7_4ac4_ae35
    return word ^ (word >> 27)
}
