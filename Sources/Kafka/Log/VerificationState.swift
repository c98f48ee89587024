/// Names one attempt to add a partition to a transaction (KIP-890): what a late answer of the
/// coordinator cannot forge. Never equal to one given out before.
public struct VerificationGuard: Hashable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// What a producer is verifying here while its transaction has not written yet
/// (VerificationStateEntry).
public struct VerificationEntry: Hashable, Sendable {
    public let producerID: ProducerID
    public let verificationGuard: VerificationGuard
    /// When the entry was made; it expires as producers do.
    public var timestamp: Int64
    /// The lowest sequence seen while unverified: nothing above it may be appended first, or the
    /// batch that is still being verified would never fit again (KAFKA-14920).
    public var lowestSequence: Int32
    public var epoch: Int16
    /// The producer's transactions end with a new epoch (transaction version 2).
    public let supportsEpochBump: Bool

    mutating func observe(sequence: Int32, epoch: Int16) {
        if epoch == self.epoch, sequence < lowestSequence { lowestSequence = sequence }
        if epoch > self.epoch {
            self.epoch = epoch
            lowestSequence = sequence
        }
    }
}
