import Kafka
import Kernel

/// Batches of a partition's log.
extension LogChain {
    /// The link after this batch, without appending it. A batch is what its header says, with its
    /// first record and its last: who would forge those would forge the rest.
    static func link(after previous: Link, _ batch: RecordBatch) -> Link {
        var fingerprint = Fingerprint()
        fingerprint.combine(previous.fingerprint)
        batch.combine(into: &fingerprint)
        return Link(
            end: OffsetAndEpoch(batch.nextOffset, batch.leaderEpoch),
            fingerprint: fingerprint.value)
    }
}

extension RecordBatch {
    func combine(into fingerprint: inout Fingerprint) {
        fingerprint.combine(baseOffset)
        fingerprint.combine(
            UInt64(UInt32(bitPattern: lastOffsetDelta)) << 32
                | UInt64(UInt32(bitPattern: leaderEpoch)))
        fingerprint.combine(producerID.rawValue)
        fingerprint.combine(
            UInt64(UInt32(bitPattern: baseSequence)) << 32
                | UInt64(UInt16(bitPattern: producerEpoch)) << 16 | UInt64(attributes.rawValue))
        fingerprint.combine(maxTimestamp)
        fingerprint.combine(sizeInBytes)
        switch content {
        case .generated(let generated):
            fingerprint.combine(UInt64(generated.stream) << 32 | UInt64(generated.distinctKeys))
            fingerprint.combine(generated.firstIndex)
        case .spelled(let records):
            if let first = records.first { first.value.combine(into: &fingerprint) }
            if let last = records.last, records.count > 1 {
                last.value.combine(into: &fingerprint)
            }
        case .endTransaction(let marker): fingerprint.combine(marker.aborts)
        case .emptied: break
        }
    }
}

extension Payload? {
    fileprivate func combine(into fingerprint: inout Fingerprint) {
        switch self {
        case nil: fingerprint.combine(UInt64.max)
        case .number(let number, let width):
            fingerprint.combine(number)
            fingerprint.combine(width)
        case .bytes(let bytes): fingerprint.combine(bytes: bytes)
        }
    }
}
