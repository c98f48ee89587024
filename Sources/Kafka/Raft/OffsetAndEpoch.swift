/// An end offset and the epoch of the record before it: how long a log is and how new. Also the
/// name of a snapshot (KIP-630), which ends there. Ordered as Raft orders logs: epoch first.
public struct OffsetAndEpoch: Comparable, Hashable, Sendable {
    public var offset: Int64
    public var epoch: Int32

    @inlinable
    public init(_ offset: Int64, _ epoch: Int32) {
        self.offset = offset
        self.epoch = epoch
    }

    @inlinable
    public static func < (left: OffsetAndEpoch, right: OffsetAndEpoch) -> Bool {
        (left.epoch, left.offset) < (right.epoch, right.offset)
    }
}
