import Kafka
import Kernel

/// What is in a message between lanes, as words for the digest.
extension ClusterRequest {
    func fold(into fingerprint: inout Fingerprint) {
        fingerprint.combine(UInt64(UInt16(bitPattern: api.rawValue)))
        switch self {
        case .broker(let request): request.fold(into: &fingerprint)
        case .controller(let request): request.fold(into: &fingerprint)
        }
    }

    /// About how many bytes it is, headers included: what bandwidth is spent on.
    var wireBytes: Int64 {
        switch self {
        case .broker(.produce(let its)):
            its.partitions.reduce(120) { $0 + 30 + Int64($1.batch.sizeInBytes) }
        case .broker(.fetch(let its)): 130 + 32 * Int64(its.partitions.count)
        case .controller(.alterPartition(let its)): 80 + 60 * Int64(its.partitions.count)
        default: 120
        }
    }
}

extension ClusterReply {
    func fold(into fingerprint: inout Fingerprint) {
        switch self {
        case .broker(.produce(let replies)):
            for its in replies {
                its.partition.fold(into: &fingerprint)
                fingerprint.combine(its.error.word)
                fingerprint.combine(its.baseOffset)
            }
        case .broker(.fetch(let its)): its.fold(into: &fingerprint)
        case .broker(.listOffsets(let replies)):
            for its in replies { fingerprint.combine(its.offset) }
        case .controller(.alterPartition(let replies)):
            for case .altered(let partition) in replies {
                fingerprint.combine(partition.partitionEpoch)
            }
        default:
            for error in errors { fingerprint.combine(error.word) }
        }
    }

    var wireBytes: Int64 {
        switch self {
        case .broker(.fetch(let its)):
            its.partitions.reduce(60) { $0 + 60 + Int64($1.sizeInBytes) }
        case .broker(.produce(let replies)): 40 + 50 * Int64(replies.count)
        case .broker(.metadata(let its)):
            its.topics.reduce(100) { $0 + 60 + 50 * Int64($1.partitions.count) }
        default: 80
        }
    }
}

extension BrokerRequest {
    fileprivate func fold(into fingerprint: inout Fingerprint) {
        switch self {
        case .produce(let its):
            fingerprint.combine(Int64(its.acks))
            for partition in its.partitions {
                partition.partition.fold(into: &fingerprint)
                partition.batch.fold(into: &fingerprint)
            }
        case .fetch(let its):
            for partition in its.partitions {
                partition.partition.fold(into: &fingerprint)
                fingerprint.combine(partition.fetchOffset)
            }
        case .listOffsets(let its):
            for partition in its.partitions { partition.partition.fold(into: &fingerprint) }
        case .offsetsForLeaderEpoch(let its):
            for partition in its.partitions {
                partition.partition.fold(into: &fingerprint)
                fingerprint.combine(partition.leaderEpoch)
            }
        case .deleteRecords(let its):
            for partition in its.partitions {
                partition.partition.fold(into: &fingerprint)
                fingerprint.combine(partition.offset)
            }
        default: break
        }
    }
}

extension ControllerRequest {
    fileprivate func fold(into fingerprint: inout Fingerprint) {
        switch self {
        case .registerBroker(let its): fingerprint.combine(its.incarnation.rawValue)
        case .heartbeat(let its):
            fingerprint.combine(its.epoch)
            fingerprint.combine(its.metadataOffset)
        case .alterPartition(let its):
            for partition in its.partitions {
                partition.partition.fold(into: &fingerprint)
                fingerprint.combine(partition.partitionEpoch)
                for member in partition.isr { fingerprint.combine(member.broker.rawValue) }
            }
        default: break
        }
    }
}

extension FetchReply {
    fileprivate func fold(into fingerprint: inout Fingerprint) {
        for its in partitions {
            its.partition.fold(into: &fingerprint)
            fingerprint.combine(its.error.word)
            fingerprint.combine(its.highWatermark)
            for batch in its.batches { batch.fold(into: &fingerprint) }
        }
    }
}

extension RecordBatch {
    fileprivate func fold(into fingerprint: inout Fingerprint) {
        fingerprint.combine(baseOffset)
        fingerprint.combine(
            UInt64(UInt32(bitPattern: lastOffsetDelta)) << 32
                | UInt64(UInt32(bitPattern: leaderEpoch)))
        fingerprint.combine(producerID.rawValue << 16 ^ Int64(baseSequence))
    }
}

extension TopicIDPartition {
    func fold(into fingerprint: inout Fingerprint) {
        fingerprint.combine(topic.rawValue << 20 ^ UInt64(UInt32(bitPattern: partition)))
    }
}

extension KafkaError {
    fileprivate var word: UInt64 { UInt64(UInt16(bitPattern: rawValue)) }
}
