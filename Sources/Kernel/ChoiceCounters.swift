/// How many choices each (actor, purpose) has made.
struct ChoiceCounters: Sendable {
    private var counts = SortedMap<UInt64, UInt32>()

    private func index(_ actor: ActorID, _ purpose: Purpose) -> UInt64 {
        UInt64(actor.rawValue) << 16 | UInt64(purpose.code)
    }

    mutating func next(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        let ordinal = counts[index(actor, purpose), default: 0]
        counts[index(actor, purpose), default: 0] = ordinal + 1
        return ordinal
    }

    func made(_ actor: ActorID, _ purpose: Purpose) -> UInt32 {
        counts[index(actor, purpose)] ?? 0
    }
}
