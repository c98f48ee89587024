import Kafka
import Kernel

/// The cluster's image after each committed batch of the metadata log, made once by whoever gets
/// there first: brokers at the same offset share it.
///
/// What is committed never changes, so an image of an offset is the image of that offset for all;
/// the judges of the log see to it that this is so.
struct MetadataFeed: Sendable {
    struct Stage: Sendable {
        /// What the batch makes of the image before it.
        var update: MetadataUpdate
        var records: [MetadataRecord]

        /// Of each partition that the batch speaks of, the last record about it.
        var lastRecords: SortedMap<TopicIDPartition, Int> {
            var last = SortedMap<TopicIDPartition, Int>()
            for (place, record) in records.enumerated() {
                switch record {
                case .partition(let id, _), .partitionChange(let id, _): last[id] = place
                default: break
                }
            }
            return last
        }
    }

    /// Ascending by offset, the latest last.
    private var stages: [Stage] = []
    /// What topics were called that are there no more.
    private(set) var formerNames = SortedMap<TopicID, String>()
    /// Enough for readers that lag some seconds behind; who is further behind makes its own.
    private static let kept = 256

    /// The stage at the end of a batch, and whether nobody had read that far before.
    mutating func stage(
        after batch: RaftBatch, from base: MetadataImage, _ contents: MetadataContents
    ) -> (stage: Stage, isNew: Bool) {
        let end = batch.endOffset
        var low = 0
        var high = stages.count
        while low < high {
            let middle = (low + high) / 2
            if stages[middle].update.endOffset < end { low = middle + 1 } else { high = middle }
        }
        if low < stages.count, stages[low].update.endOffset == end { return (stages[low], false) }
        let records = contents.records(of: batch)
        let stage = Stage(
            update: MetadataUpdate(applying: records, to: base, endOffset: end), records: records)
        guard low == stages.count else { return (stage, false) }
        stages.append(stage)
        for case .removeTopic(let topic) in records {
            formerNames[topic] = base.topics[topic]?.name
        }
        if stages.count > Self.kept { stages.removeFirst(Self.kept / 2) }
        return (stage, true)
    }

    /// Where what has been read ends.
    var end: Int64 { stages.last?.update.endOffset ?? 0 }

    /// The cluster as whoever has read furthest knows it.
    var latest: MetadataImage? { stages.last?.update.image }

    /// What the topic is called, or was before it was deleted.
    func name(of topic: TopicID) -> String? {
        let name = stages.isEmpty ? nil : stages[stages.count - 1].update.image.topics[topic]?.name
        return name ?? formerNames[topic]
    }

    /// As asking `latest` would tell, without a copy of it.
    func topicID(_ name: String) -> TopicID? {
        stages.isEmpty ? nil : stages[stages.count - 1].update.image.topicIDs[name]
    }
}
