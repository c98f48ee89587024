import Kernel

/// What all fetchers of a broker share: how they are configured, and how Kafka behaves.
struct FetcherTerms: Sendable {
    let id: NodeID
    let settings: FetcherSettings
    let generation: Generation
    /// A follower fetches at once and learns from the answer whether it must truncate; before that
    /// a phase of its own asked where epochs end, and the answers to fetches said nothing of it
    /// (KAFKA-10554).
    let truncatesOnFetch: Bool

    init(id: NodeID, settings: FetcherSettings, generation: Generation) {
        self.id = id
        self.settings = settings
        self.generation = generation
        truncatesOnFetch = generation.has(.truncationOnFetch)
    }
}

/// What a thread is given for the time in which it does something, and what it hands back.
struct FetcherTurn: Sendable {
    let now: Instant
    let terms: FetcherTerms
    var nextTicket: Int64
    /// Those that the thread gave up.
    var failed: [TopicIDPartition] = []

    /// The broker's clock, as logs count.
    var logTime: Int64 { (now - .zero).wholeMilliseconds }

    mutating func newTicket() -> FetcherTicket {
        defer { nextTicket += 1 }
        return FetcherTicket(nextTicket)
    }
}
