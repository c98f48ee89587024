/// Producer ids go to brokers in blocks, so that a new producer need not ask the controller
/// (ProducerIdControlManager, KIP-730).
extension Controller {
    static let producerIDBlockLength: Int32 = 1_000

    func allocateProducerIDs(
        to broker: NodeID, epoch: Int64
    ) throws(RequestFailure) -> Decision {
        _ = try registration(of: broker, epoch: epoch)
        let start = state.image.nextProducerID
        let next = start + Int64(Self.producerIDBlockLength)
        return Decision(
            [.producerIDs(broker: broker, epoch: epoch, next: next)],
            .producerIDs(start: start, count: Self.producerIDBlockLength))
    }
}
