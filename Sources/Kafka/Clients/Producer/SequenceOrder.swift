/// How a producer compares sequences. They count 0 … Int32.max and begin again, but Kafka 4.3.1
/// compares them as plain integers, so around the end it takes the later one for the earlier
/// (cured by `sequence-wrap`).
struct SequenceOrder: Sendable {
    private let wraps: Bool
    /// Retries go back into the queue by sequence. Without KAFKA-5494 they go to its head, so that
    /// of several the last that failed is sent first.
    let sortsRetries: Bool
    /// Batches of an older identity come first, whatever their sequence. Without KAFKA-13794 only
    /// sequences count, and two batches may be taken for one.
    let comparesIdentities: Bool
    /// Without KAFKA-8484 batches in flight lie in a heap and are renumbered in its order.
    let sortsTracked: Bool

    init(_ generation: Generation) {
        wraps = generation.has(.sequenceWrap)
        sortsRetries = generation.has(.sequenceOrderedRetries)
        comparesIdentities = generation.has(.identityOrderedBatches)
        sortsTracked = generation.has(.sortedRenumbering)
    }

    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        if !wraps { return left < right }
        let distance = (right &- left) & Int32.max
        return distance > 0 && distance < 1 << 30
    }

    func precedes(_ left: ProducerBatch, _ right: ProducerBatch) -> Bool {
        if comparesIdentities, left.identity != right.identity {
            return left.identity < right.identity
        }
        return precedes(left.baseSequence, right.baseSequence)
    }

    func last(of batch: ProducerBatch) -> Int32 {
        wraps
            ? incrementSequence(batch.baseSequence, by: batch.count - 1)
            : batch.baseSequence &+ batch.count &- 1
    }

    func following(_ batch: ProducerBatch) -> Int32 { successor(of: last(of: batch)) }

    /// Whether the sequence is the one after the last acknowledged one; `Absent.sequence`: none is.
    func isNext(_ sequence: Int32, after acknowledged: Int32) -> Bool {
        sequence == successor(of: acknowledged)
    }

    /// Whether an acknowledged sequence is news.
    func isLater(_ sequence: Int32, than acknowledged: Int32) -> Bool {
        wraps && acknowledged == Absent.sequence || precedes(acknowledged, sequence)
    }

    private func successor(of sequence: Int32) -> Int32 {
        wraps && sequence == .max ? 0 : sequence &+ 1
    }
}
