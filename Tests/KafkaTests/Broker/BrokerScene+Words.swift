import Kernel

@testable import Kafka

/// What the scene says, in words.
extension BrokerScene {
    /// Nil: not worth a line.
    func words(_ note: BrokerNote) -> String? {
        switch note {
        case .state(let state): "\(state)"
        case .registered(let epoch): "registered, epoch \(epoch)"
        case .opened: "serves"
        case .appliedMetadata: nil
        case .replica(let note): words(note)
        case .fetcher(let note): words(note)
        }
    }

    private func words(_ note: ReplicaNote) -> String? {
        switch note {
        case .becameLeader(let id, let epoch, let start):
            "leads \(image.name(of: id)) in epoch \(epoch) from \(start)"
        case .becameFollower(let id, let leader, let epoch):
            "follows \(leader == .noLeader ? "nobody" : "broker \(leader.rawValue)")"
                + " in \(image.name(of: id)), epoch \(epoch)"
        case .removed: "gives up a partition"
        case .proposedISR, .committedISR, .compacted: nil
        }
    }

    private func words(_ note: FetcherNote) -> String {
        switch note {
        case .truncated(let id, let end, let to):
            "cuts \(image.name(of: id)) from \(end) to \(to)"
        case .startedAnew(let id, let start): "starts \(image.name(of: id)) anew at \(start)"
        case .failed(let id): "gives up \(image.name(of: id))"
        }
    }

    func words(_ reply: BrokerReply) -> String {
        switch reply {
        case .failed(let error): error.name
        case .produce(let replies):
            replies.map { "\(name($0.partition)) \($0.error.name) at \($0.baseOffset)" }
                .joined(separator: "; ")
        case .fetch(let reply):
            reply.error == .none
                ? reply.partitions.map(words).joined(separator: "; ") : reply.error.name
        case .listOffsets(let replies):
            replies.map { "\(name($0.partition)) \($0.error.name) \($0.offset)" }
                .joined(separator: "; ")
        case .offsetsForLeaderEpoch(let replies):
            replies.map { "\(name($0.partition)) \($0.error.name)" }.joined(separator: "; ")
        case .deleteRecords(let replies):
            replies.map { "\(name($0.partition)) \($0.error.name) \($0.lowWatermark)" }
                .joined(separator: "; ")
        case .metadata(let reply): words(reply)
        case .initProducerID(let reply):
            reply.error == .none ? "producer \(reply.identity.id.rawValue)" : reply.error.name
        case .describeCluster(let reply):
            reply.brokers.map { "\($0.node.id.rawValue)" + ($0.isFenced ? " fenced" : "") }
                .joined(separator: ", ")
        case .describeTopics(let topics):
            topics.map { "\($0.name) \($0.error.name)" }.joined(separator: "; ")
        case .describeConfigs(let all):
            all.map { one in
                one.entries.filter { $0.source != .default }
                    .map { "\($0.name)=\($0.value ?? "null") (\($0.source))" }
                    .joined(separator: ", ")
            }.joined(separator: "; ")
        case .admin(let reply): words(reply)
        }
    }

    private func name(_ id: TopicIDPartition) -> String { image.name(of: id) }

    private func words(_ reply: FetchPartitionReply) -> String {
        let records = reply.batches.map { batch in
            "\(batch.baseOffset)...\(batch.baseOffset + Int64(batch.lastOffsetDelta))"
        }
        return "\(name(reply.partition)) \(reply.error.name) [\(records.joined(separator: " "))]"
            + " high watermark \(reply.highWatermark)"
    }

    private func words(_ reply: MetadataReply) -> String {
        let brokers = reply.brokers.map { String($0.id.rawValue) }.joined(separator: ",")
        let topics = reply.topics.flatMap { topic -> [String] in
            let name = topic.name ?? "?"
            if topic.error != .none { return ["\(name) \(topic.error.name)"] }
            return topic.partitions.map { partition in
                let leader = partition.leader.map { "\($0.rawValue)" } ?? "none"
                let offline = partition.offlineReplicas.map { String($0.rawValue) }
                return "\(name)-\(partition.number) \(partition.error.name) leader \(leader)"
                    + "@\(partition.leaderEpoch)"
                    + (offline.isEmpty ? "" : " offline \(offline.joined(separator: ","))")
            }
        }
        return "brokers \(brokers)" + topics.map { "; " + $0 }.joined()
    }

    private func words(_ reply: ControllerReply) -> String {
        switch reply {
        case .failed(let error): error.name
        case .createTopics(let replies):
            replies.map { reply in
                if case .failed(let error) = reply { error.name } else { "created" }
            }.joined(separator: ", ")
        case .outcomes(let errors): errors.map(\.name).joined(separator: ", ")
        case .electLeaders(let replies): replies.map(\.error.name).joined(separator: ", ")
        default: "done"
        }
    }
}
