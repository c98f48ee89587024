/// One line of the trace, and what kind of line it is.
public struct TraceLine: Hashable, Sendable {
    /// With its instant first.
    public var text: String
    /// It belongs to what a cluster at work does all the time, whatever happens to it: followers
    /// fetch, logs grow, brokers say that they live. Whoever wants the story leaves it out.
    public var isSteady: Bool
}

extension World {
    /// The last event in words, if tracing: one line, or more if several things happened.
    public var lines: [String] { told.map(\.text) }

    /// Those of `lines` that tell the story: without the steady stream, and without the start of a
    /// cluster, which comes before it.
    public var story: [String] {
        if hasCluster, now < .zero { return [] }
        return told.lazy.filter { !$0.isSteady }.map(\.text)
    }
}

// MARK: - What is steady

extension Happening {
    /// Logs that grow and are flushed, brokers that read the metadata log, and connections that are
    /// tried again and again.
    var isSteady: Bool {
        switch self {
        case .appended, .flushed, .movedHighWatermark, .disconnected, .replica(.appended),
            .replica(.movedHighWatermark), .broker(.appliedMetadata):
            true
        default: false
        }
    }
}

extension Message {
    /// Fetches and heartbeats, and their answers.
    var isSteady: Bool {
        switch self {
        case .request(let request): request.api == .fetch
        case .response(let response): if case .fetch = response.body { true } else { false }
        case .call(.broker(.fetch)), .call(.controller(.heartbeat)): true
        case .result(.broker(.fetch)), .result(.controller(.heartbeat)): true
        default: false
        }
    }
}
