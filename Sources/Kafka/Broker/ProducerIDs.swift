import Kernel

/// Producer ids for those who ask this broker (RPCProducerIdManager, KIP-730): from a block that
/// the controller has given it, with the next one asked for before the first is used up. While
/// there is none, whoever asks has to try again.
struct ProducerIDs: Sendable {
    private var next: Int64 = 0
    private var end: Int64 = 0
    /// At this id another block is asked for.
    private var prefetchAt: Int64 = -1
    private var nextBlock: Range<Int64>?
    private var isAsking = false
    /// Not asked before this, after an answer that was no block.
    private var retryAt: Instant?

    /// Another block is to be asked for.
    private(set) var wantsBlock = false

    mutating func take(at now: Instant) -> ProducerID? {
        if next == end {
            guard let block = nextBlock else {
                maybeAsk(at: now)
                return nil
            }
            begin(block)
        }
        let id = next
        next += 1
        if id == prefetchAt { maybeAsk(at: now) }
        return ProducerID(id)
    }

    private mutating func begin(_ block: Range<Int64>) {
        nextBlock = nil
        isAsking = false
        next = block.lowerBound
        end = block.upperBound
        prefetchAt = block.lowerBound + Int64(block.count) * 9 / 10
    }

    private mutating func maybeAsk(at now: Instant) {
        guard retryAt.map({ $0 <= now }) ?? true, nextBlock == nil, !isAsking else { return }
        isAsking = true
        wantsBlock = true
        retryAt = nil
    }

    /// It has been asked for.
    mutating func asked() {
        wantsBlock = false
    }

    mutating func received(start: Int64, count: Int32) {
        nextBlock = start..<start + Int64(count)
    }

    mutating func refused(at now: Instant) {
        retryAt = now + .milliseconds(50)
        isAsking = false
    }

    /// The request was given up before it was sent.
    mutating func gaveUp() {
        isAsking = false
    }
}
