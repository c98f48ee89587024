/// Who a producer is and in which of its lives: the coordinator or the broker accepts a batch only
/// from the newest epoch of an id (ProducerIdAndEpoch).
public struct ProducerIdentity: Comparable, Hashable, Sendable {
    public var id: ProducerID
    public var epoch: Int16

    @inlinable
    public init(id: ProducerID, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }

    /// A producer that numbers nothing.
    public static let none = ProducerIdentity(id: .none, epoch: Absent.producerEpoch)

    @inlinable public var isValid: Bool { id.rawValue > -1 }

    @inlinable
    public static func < (left: ProducerIdentity, right: ProducerIdentity) -> Bool {
        (left.id, left.epoch) < (right.id, right.epoch)
    }
}
