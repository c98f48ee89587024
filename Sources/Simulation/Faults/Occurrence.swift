import Kafka

/// A happening to wait for: `controller 2 becomes leader`, `any voter truncates`,
/// `broker 1 appends orders-0@12`, the third time.
public struct Occurrence: Hashable, Sendable {
    public var kind: Happening.Kind
    /// Nil: whoever.
    public var by: Target?
    /// The topic or partition that it is about. Nil: any.
    public var about: TopicPartitions?
    /// Only if it concerns this offset: an append that holds it, a high watermark at or past it.
    public var offset: Int64?
    public var epoch: Int32?
    /// Only if this is the error that it tells of.
    public var error: KafkaError?
    /// Which of the matching ones, from 1.
    public var count: Int
    /// Instead of counting happenings: once they have been about this many records in all.
    public var records: Int64?

    public init(
        _ kind: Happening.Kind, by: Target? = nil, about: TopicPartitions? = nil,
        offset: Int64? = nil, epoch: Int32? = nil, error: KafkaError? = nil, count: Int = 1,
        records: Int64? = nil
    ) {
        self.kind = kind
        self.by = by
        self.about = about
        self.offset = offset
        self.epoch = epoch
        self.error = error
        self.count = count
        self.records = records
    }

    /// How much is to come before it has happened.
    public var amount: Int64 { records ?? Int64(count) }

    /// How much of that a matching happening brings.
    public func amount(of happening: Happening) -> Int64 {
        records == nil ? 1 : happening.recordCount
    }
}

extension Happening {
    /// How many records it is about.
    var recordCount: Int64 {
        switch self {
        case .appended(let from, let to), .replica(.appended(_, let from, let to)): to - from
        case .truncated(let from, let to), .lostRecords(let from, let to),
            .forgotRecords(let from, let to), .replica(.truncated(_, let from, let to)):
            from - to
        case .client(.acknowledged(let tickets, _, _, _)), .client(.failed(let tickets, _)):
            Int64(tickets.count)
        case .client(.received(_, let from, let to)): to - from + 1
        default: 0
        }
    }

    /// Whether it is about this offset.
    func concerns(offset: Int64) -> Bool {
        switch self {
        case .appended(let from, let to), .replica(.appended(_, let from, let to)):
            from <= offset && offset < to
        case .truncated(let from, let to), .lostRecords(let from, let to),
            .forgotRecords(let from, let to), .replica(.truncated(_, let from, let to)):
            to <= offset && offset < from
        case .flushed(let end): offset < end
        case .movedHighWatermark(_, let to), .replica(.movedHighWatermark(_, _, let to)):
            offset <= to
        case .wroteSnapshot(let id), .loadedSnapshot(let id): offset <= id.offset
        case .cleanedLog(let start), .replica(.movedStart(_, _, let start)): offset <= start
        case .client(.acknowledged(let tickets, _, let base?, _)):
            base <= offset && offset < base + Int64(tickets.count)
        case .client(.received(_, let from, let to)): from <= offset && offset <= to
        case .client(.reset(_, let to, _)), .client(.lookedUp(_, let to)): to == offset
        default: false
        }
    }

    /// The epoch that it is about, if it is about one.
    var epoch: Int32? {
        switch self {
        case .becameUnattached(let epoch), .becameProspective(let epoch),
            .becameCandidate(let epoch), .becameLeader(let epoch), .becameResigned(let epoch),
            .becameFollower(let epoch, _), .voted(let epoch, _), .promisedVote(let epoch, _),
            .broker(.replica(.becameLeader(_, let epoch, _))),
            .broker(.replica(.becameFollower(_, _, let epoch))):
            epoch
        case .metadata(.partition(_, let partition)), .metadata(.replicas(_, let partition)):
            partition.leaderEpoch
        default: nil
        }
    }

    /// The partition that it is about, if it is about one.
    var partition: TopicIDPartition? {
        switch self {
        case .metadata(.partition(let id, _)), .metadata(.replicas(let id, _)): id
        case .broker(.replica(let note)): note.partition
        case .broker(.fetcher(let note)): note.partition
        case .replica(let change): change.partition
        case .client(.acknowledged(_, let id, _, _)), .client(.refused(let id, _)),
            .client(.received(let id, _, _)), .client(.reset(let id, _, _)),
            .client(.lookedUp(let id, _)):
            id
        default: nil
        }
    }

    /// The error that it tells of, if it tells of one.
    var error: KafkaError? {
        switch self {
        case .client(.failed(_, let error)), .client(.threw(let error)):
            if case .code(let code) = error.kind { code } else { nil }
        case .client(.refused(_, let error)), .administered(_, let error): error
        default: nil
        }
    }
}

extension ReplicaNote {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .becameLeader(let id, _, _), .becameFollower(let id, _, _), .removed(let id),
            .proposedISR(let id, _), .committedISR(let id, _), .compacted(let id, _, _, _):
            id
        }
    }
}

extension FetcherNote {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .truncated(let id, _, _), .startedAnew(let id, _), .failed(let id): id
        }
    }
}

extension ReplicaChange {
    fileprivate var partition: TopicIDPartition {
        switch self {
        case .opened(let id, _, _, _), .appended(let id, _, _), .truncated(let id, _, _),
            .movedHighWatermark(let id, _, _), .movedStart(let id, _, _), .closed(let id):
            id
        }
    }
}
