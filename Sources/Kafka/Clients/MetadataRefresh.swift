import Kernel

/// When a client may ask for metadata again, and when it must (Metadata). After failures, and after
/// answers that said nothing new, it waits longer each time (KIP-580).
struct MetadataRefresh: Sendable {
    private let maxAge: Interval
    private let backoff: ExponentialBackoff
    /// Nil: it was never asked for.
    private var lastRefresh: Instant?
    private var lastSuccess: Instant?
    private var failures: Int32 = 0
    private var equivalentAnswers: Int32 = 0

    init(maxAge: Interval, backoff: ExponentialBackoff) {
        self.maxAge = maxAge
        self.backoff = backoff
    }

    /// When the next request is due.
    func due(isRequested: Bool) -> Instant {
        guard let lastRefresh else { return .zero }
        var wait = backoff.delay(after: max(0, failures - 1))
        if equivalentAnswers > 0 {
            wait = max(wait, backoff.delay(after: equivalentAnswers - 1))
        }
        let allowed = lastRefresh + wait
        return isRequested ? allowed : max(allowed, (lastSuccess ?? .zero) + maxAge)
    }

    mutating func succeeded(at now: Instant, isNews: Bool) {
        lastRefresh = now
        lastSuccess = now
        failures = 0
        equivalentAnswers = isNews ? 0 : equivalentAnswers + 1
    }

    mutating func failed(at now: Instant) {
        lastRefresh = now
        failures += 1
        equivalentAnswers = 0
    }
}

extension Generation {
    /// Whether a client that begins anew with its first addresses still knows which leader epochs
    /// it has seen.
    var keepsEpochsOverRebootstrap: Bool { has(.rebootstrapForgetsEpochs) }
}
