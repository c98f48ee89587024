import Kafka
import Kernel

/// A broker's logs are not flushed before they are acknowledged: what a power loss takes from them
/// is only what nobody has flushed, and how much of that is a matter of luck (KIP-966 is about it).
extension BrokerStorage {
    mutating func losePower(
        by actor: ActorID, _ disk: DiskConfiguration, _ choices: inout Choices
    ) {
        cleanShutdownEpoch = nil
        for id in replicas.logs.map(\.key) {
            let files = replicas.logs[present: id].value
            let end = files.active.nextOffset
            guard let first = files.firstUnflushedOffset else {
                // The file of leader epochs may be lost all the same (KAFKA-16541).
                replicas.logs[present: id].value.losePower(
                    from: end, torn: false, leavingEmptyFiles: false)
                continue
            }
            let luck = choices.draw(actor, .keptByPowerLoss, below: UInt64(end - first) + 1)
            let kept = disk.unflushed == .wholly ? 0 : luck
            let isTorn = choices.happens(actor, .tornLog, disk.tornTailsPerMillion, of: 1_000_000)
            replicas.logs[present: id].value.losePower(
                from: first + Int64(kept), torn: isTorn,
                leavingEmptyFiles: disk.leavesEmptyFiles, sparingFlushed: true)
        }
    }
}

extension Purpose {
    /// How many of a log's unflushed offsets survive a power loss.
    static let keptByPowerLoss = Purpose(code: 0x0321)
    /// Whether the first batch that does not survive leaves half of itself.
    static let tornLog = Purpose(code: 0x0322)
}
