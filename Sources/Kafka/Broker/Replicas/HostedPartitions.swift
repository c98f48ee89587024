import Kernel

/// The partitions that a broker hosts, and which of them somebody may have changed since they were
/// last looked at. Each lies in a box of its own: a fork that touches one copies one.
///
/// A few words long, unlike those who hold it: whoever looks from outside asks here, because to
/// ask them would copy them first.
public struct HostedPartitions: Sendable, Sequence {
    typealias Map = ForkableMap<TopicIDPartition, Shared<Partition>>
    /// Where a partition lies as long as none is opened or closed.
    typealias Place = Map.Place

    private var map = Map()
    /// In the order in which they were first changed; some stand here twice.
    private(set) var touched: [TopicIDPartition] = []

    func contains(_ id: TopicIDPartition) -> Bool { map.contains(id) }

    subscript(id: TopicIDPartition) -> Shared<Partition>? {
        get { map[id] }
        set {
            if !touched.contains(id) { touched.append(id) }
            map[id] = newValue
        }
    }

    /// What `read` makes of a partition in its place; nil if it is not here. `self[id]?.value`
    /// would copy the partition, however little is wanted of it.
    @inline(__always)
    func look<Result>(_ id: TopicIDPartition, _ read: (Partition) -> Result) -> Result? {
        map.project(id) { read($0.value) }
    }

    func place(of id: TopicIDPartition) -> Place? { map.find(id) }

    /// A partition that is hosted here. To change it is to touch it.
    subscript(place: Place) -> Partition {
        @inline(__always) _read { yield map[at: place].value }
        @inline(__always) unsafeMutableAddress {
            touch(map.key(at: place))
            return withUnsafeMutablePointer(to: &map[at: place].value) { $0 }
        }
    }

    /// Who waits for something there. A look touches nothing.
    @inline(__always)
    func watchers(_ place: Place) -> Watchers { map[at: place].value.watchers }

    /// Nearly always it is one partition that somebody is at work on.
    @inline(__always)
    private mutating func touch(_ id: TopicIDPartition) {
        if touched.last != id { touched.append(id) }
    }

    subscript(present id: TopicIDPartition) -> Shared<Partition> {
        get { map[present: id] }
        unsafeMutableAddress {
            guard let place = map.find(id) else { preconditionFailure("no such partition") }
            touch(id)
            return withUnsafeMutablePointer(to: &map[at: place]) { $0 }
        }
    }

    @discardableResult
    mutating func remove(_ id: TopicIDPartition) -> Shared<Partition>? {
        if !touched.contains(id) { touched.append(id) }
        return map.remove(id)
    }

    public func makeIterator() -> ForkableMap<TopicIDPartition, Shared<Partition>>.Iterator {
        map.makeIterator()
    }

    /// What has changed since this was last asked, replica by replica.
    mutating func tellChanges(_ changes: inout Outbox<ReplicaChange>) {
        for (index, id) in touched.enumerated() {
            if let place = map.find(id) {
                guard map[at: place].value.hasChanged else { continue }
                map[at: place].value.tellChanges(of: id, &changes)
            } else if !touched[..<index].contains(id) {
                changes.append(.closed(id))
            }
        }
        touched.removeAll(keepingCapacity: true)
    }
}

/// How far a replica's log reaches.
struct ReplicaOffsets: Hashable, Sendable {
    var start: Int64
    var end: Int64
    var highWatermark: Int64

    @inline(__always)
    init(_ log: borrowing PartitionLog) {
        start = log.logStartOffset
        end = log.endOffset
        highWatermark = log.highWatermark
    }
}

/// What became of a replica's log.
public enum ReplicaChange: Hashable, Sendable {
    /// It is here, as it was found on the disk or begun.
    case opened(TopicIDPartition, start: Int64, end: Int64, highWatermark: Int64)
    /// Offsets `from ..< to` are new.
    case appended(TopicIDPartition, from: Int64, to: Int64)
    /// It ended at `from`; what lay at `to` and after it is gone.
    case truncated(TopicIDPartition, from: Int64, to: Int64)
    case movedHighWatermark(TopicIDPartition, from: Int64, to: Int64)
    case movedStart(TopicIDPartition, from: Int64, to: Int64)
    /// It is no longer hosted here.
    case closed(TopicIDPartition)
}

extension HostedPartitions {
    public var hasChanges: Bool { !touched.isEmpty }
}

extension ReplicaManager {
    /// Tells what has changed since this was last asked, replica by replica.
    public mutating func tellChanges(_ changes: inout Outbox<ReplicaChange>) {
        partitions.tellChanges(&changes)
    }
}

extension Partition {
    /// There is something that was not told yet.
    @inline(__always)
    fileprivate var hasChanged: Bool {
        guard let told else { return true }
        return told != ReplicaOffsets(log) || log.lowestEnd < told.end
    }

    fileprivate mutating func tellChanges(
        of id: TopicIDPartition, _ changes: inout Outbox<ReplicaChange>
    ) {
        let now = ReplicaOffsets(log)
        let lowestEnd = log.lowestEnd
        guard let before = told else {
            remember(now)
            return changes.append(
                .opened(id, start: now.start, end: now.end, highWatermark: now.highWatermark))
        }
        remember(now)
        if lowestEnd < before.end {
            changes.append(.truncated(id, from: before.end, to: lowestEnd))
        }
        let kept = min(before.end, lowestEnd)
        if now.end > kept { changes.append(.appended(id, from: kept, to: now.end)) }
        if now.start != before.start {
            changes.append(.movedStart(id, from: before.start, to: now.start))
        }
        if now.highWatermark != before.highWatermark {
            changes.append(
                .movedHighWatermark(id, from: before.highWatermark, to: now.highWatermark))
        }
    }

    private mutating func remember(_ offsets: ReplicaOffsets) {
        told = offsets
        log.forgetLowestEnd()
    }
}
