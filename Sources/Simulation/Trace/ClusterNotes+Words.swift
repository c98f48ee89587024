import Kafka

extension MetadataChange {
    var kind: Happening.Kind {
        switch self {
        case .partition: .changedPartition
        case .replicas: .changedReplicas
        case .config: .changedConfig
        case .removedTopic: .removedTopic
        case .registered: .registered
        case .fenced: .fenced
        case .unfenced: .unfenced
        }
    }

    func words(_ names: TopicNames) -> String {
        switch self {
        case .partition(let id, let its):
            "metadata: \(names.name(of: id)) leader="
                + (its.hasLeader ? String(its.leader.rawValue) : "none")
                + " epoch=\(its.leaderEpoch) partition-epoch=\(its.partitionEpoch)"
                + " isr=\(its.isr.words)" + (its.elr.isEmpty ? "" : " elr=\(its.elr.words)")
                + (its.recovery == .recovering ? " recovering" : "")
        case .replicas(let id, let its):
            "metadata: \(names.name(of: id)) replicas=\(its.replicas.words)"
                + (its.adding.isEmpty ? "" : " adding=\(its.adding.words)")
                + (its.removing.isEmpty ? "" : " removing=\(its.removing.words)")
        case .config(let resource, let key, let value?):
            "metadata: \(resource.words) \(key)=\(value)"
        case .config(let resource, let key, nil): "metadata: \(resource.words) unset \(key)"
        case .removedTopic(let topic): "metadata: \(names.name(of: topic)) is deleted"
        case .registered(let broker, _): "metadata: broker \(broker.rawValue) registers"
        case .fenced(let broker): "metadata: broker \(broker.rawValue) is fenced"
        case .unfenced(let broker): "metadata: broker \(broker.rawValue) is unfenced"
        }
    }
}

extension BrokerNote {
    var kind: Happening.Kind {
        switch self {
        // Registered is who stands in the metadata log.
        case .state, .registered: .changedState
        case .opened: .opened
        case .appliedMetadata: .appliedMetadata
        case .replica(let note): note.kind
        case .fetcher: .fetcherTrouble
        }
    }

    func words(_ names: TopicNames) -> String {
        switch self {
        case .state(let state): "is \(state)"
        case .registered(let epoch): "is registered epoch=\(epoch)"
        case .opened: "serves clients"
        case .appliedMetadata(let end): "has applied the metadata before \(end)"
        case .replica(let note): note.words(names)
        case .fetcher(let note): note.words(names)
        }
    }
}

extension FetcherNote {
    fileprivate func words(_ names: TopicNames) -> String {
        switch self {
        case .truncated(let id, let end, let to):
            "truncates \(names.name(of: id)) from \(end) to \(to)"
        case .startedAnew(let id, let offset):
            "begins \(names.name(of: id)) anew at \(offset)"
        case .failed(let id): "gives up following \(names.name(of: id))"
        }
    }
}

extension ReplicaNote {
    var kind: Happening.Kind {
        switch self {
        case .becameLeader: .leadsPartition
        case .becameFollower: .followsPartition
        case .removed: .removedReplica
        case .proposedISR: .proposedISR
        case .committedISR: .committedISR
        case .compacted: .compactedLog
        }
    }

    func words(_ names: TopicNames) -> String {
        switch self {
        case .becameLeader(let id, let epoch, let start):
            "leads \(names.name(of: id)) epoch=\(epoch) from=\(start)"
        case .becameFollower(let id, let leader, let epoch):
            "follows \(names.name(of: id)) leader=\(leader.rawValue) epoch=\(epoch)"
        case .removed(let id): "no longer hosts \(names.name(of: id))"
        case .proposedISR(let id, let isr): "wants isr \(names.name(of: id)) \(isr.words)"
        case .committedISR(let id, let isr): "has isr \(names.name(of: id)) \(isr.words)"
        case .compacted(let id, let end, let before, let after):
            "compacts \(names.name(of: id)) before \(end): \(before) records become \(after)"
        }
    }
}

extension ReplicaChange {
    var kind: Happening.Kind {
        switch self {
        case .opened: .openedLog
        case .appended: .appendedRecords
        case .truncated: .truncatedLog
        case .movedHighWatermark: .movedLogHighWatermark
        case .movedStart: .movedLogStart
        case .closed: .closedLog
        }
    }

    func words(_ names: TopicNames) -> String {
        switch self {
        case .opened(let id, let start, let end, let highWatermark):
            "opens \(names.name(of: id)) start=\(start) end=\(end) hw=\(highWatermark)"
        case .appended(let id, let from, let to):
            "appends \(names.name(of: id))@\(from)..\(to - 1)"
        case .truncated(let id, let from, let to):
            "truncates \(names.name(of: id)) from \(from) to \(to)"
        case .movedHighWatermark(let id, _, let to):
            "high watermark \(names.name(of: id))@\(to)"
        case .movedStart(let id, _, let to): "log start \(names.name(of: id))@\(to)"
        case .closed(let id): "closes \(names.name(of: id))"
        }
    }
}

extension ClientNote {
    var kind: Happening.Kind {
        switch self {
        case .acknowledged: .acknowledged
        case .failed: .sendFailed
        case .refused: .sendRefused
        case .received: .received
        case .reset: .resetPosition
        case .lookedUp: .lookedUp
        case .threw: .callThrew
        }
    }

    func words(_ names: TopicNames) -> String {
        switch self {
        case .acknowledged(let tickets, let partition, let offset, _):
            "acknowledged record=\(tickets.words) at=\(names.name(of: partition))@"
                + (offset.map(String.init) ?? "?")
        case .failed(let tickets, let error):
            "failed record=\(tickets.words) error=\(error.words)"
        case .refused(let partition, let error):
            "is refused \(names.name(of: partition)): \(error.name)"
        case .received(let partition, let from, let to):
            "received \(names.name(of: partition))@\(from)..\(to)"
        case .reset(let partition, let offset, _):
            "resets \(names.name(of: partition)) to \(offset)"
        case .lookedUp(let partition, let offset):
            "looks up \(names.name(of: partition)): \(offset)"
        case .threw(let error): "threw \(error.words)"
        }
    }
}

extension ClientError {
    /// The name of the error code, or what kind of exception it is.
    public var words: String {
        if case .code(let code) = kind { return code.name }
        return "\(kind)"
    }
}

extension [SendTicket] {
    /// `5..9` where they follow each other.
    fileprivate var words: String {
        guard let first, let last else { return "none" }
        if count == 1 { return String(first.rawValue) }
        let isRow = last.rawValue - first.rawValue == Int64(count - 1)
        return isRow
            ? "\(first.rawValue)..\(last.rawValue)"
            : map { String($0.rawValue) }.joined(separator: ",")
    }
}
