import Kafka
import Kernel

/// Faults of single requests.
extension World {
    /// Whether this request is lost; it may also be late, or be dealt with otherwise than it should
    /// when its server gets to it.
    ///
    /// TCP gives up nothing in between: what is lost or late takes with it or holds up whatever
    /// follows it on the same connection. A client that waits in vain opens another one.
    mutating func disturb(_ flight: inout Flight, _ sender: Int) -> Bool {
        let parcel = flight.packet.parcel
        let connection = flight.packet.connection
        if script.lostRequests.contains(connection) {
            parcels.drop(parcel)
            return true
        }
        let receiver = Int(network.connection(connection)!.server.rawValue)
        for place in script.requestFaults.indices {
            let what = script.requestFaults[place].what
            guard concerns(what, parcel, from: sender, to: receiver) else { continue }
            script.requestFaults[place].seen += 1
            let seen = script.requestFaults[place].seen
            if seen < what.first { continue }
            if let count = what.count, seen >= what.first + count { continue }
            let step = Int(script.requestFaults[place].step)
            if step >= 0 { script.steps[step].hasFired = true }
            let isFirst = seen == what.first
            note(what.action, parcel, from: sender, to: receiver, isFirst: isFirst)
            switch what.action {
            case .drop:
                parcels.drop(parcel)
                loseRequests(connection)
                return true
            case .delay(let interval):
                flight.arrivesAt = flight.arrivesAt + interval
                network.holdUp(connection, until: flight.arrivesAt)
            case .loseReply where parcels.isRaft(parcel): loseReplies(connection)
            case .loseReply:
                script.doomed.append(Script.Doomed(parcel: parcel, connection: connection))
            case .fail(let error):
                script.doomed.append(
                    Script.Doomed(parcel: parcel, connection: connection, error: error))
            }
        }
        return false
    }

    private func concerns(
        _ what: RequestFault, _ parcel: ParcelID, from sender: Int, to receiver: Int
    ) -> Bool {
        switch parcels[parcel] {
        case .request(let request):
            if let api = what.api, api != .quorum(request.api) { return false }
            if what.about != nil { return false }
            if case .fail = what.action { return false }
        case .call(let request):
            if let api = what.api, api != .cluster(request.api) { return false }
            if let about = what.about, !speaks(request, of: about) { return false }
        default: fatalError("a client sends something that is no request")
        }
        if let from = what.from, !means(from, sender) { return false }
        if let to = what.to, !means(to, receiver) { return false }
        return true
    }

    /// A server gets to a request. Nil: it serves it as it should; otherwise it answers so.
    mutating func refusal(
        of request: ClusterRequest, _ parcel: ParcelID, on connection: ConnectionID
    ) -> ClusterReply? {
        if script.doomed.isEmpty { return nil }
        let place = script.doomed.firstIndex {
            $0.parcel == parcel && $0.connection == connection
        }
        guard let place else { return nil }
        let doomed = script.doomed.remove(at: place)
        if let error = doomed.error { return request.refused(with: error) }
        loseReplies(connection)
        return nil
    }

    private mutating func loseReplies(_ connection: ConnectionID) {
        var open = script.lostReplies
        open.removeAll { network.connection($0) == nil }
        script.lostReplies = open + [connection]
    }

    private mutating func loseRequests(_ connection: ConnectionID) {
        var open = script.lostRequests
        open.removeAll { network.connection($0) == nil }
        script.lostRequests = open + [connection]
    }

    @inline(__always)
    func losesReply(_ connection: ConnectionID) -> Bool {
        !script.lostReplies.isEmpty && script.lostReplies.contains(connection)
    }

    /// Whether a topic or some partitions of it, by name, include this partition.
    func names(_ about: TopicPartitions, _ id: TopicIDPartition) -> Bool {
        guard feed.name(of: id.topic) == about.topic else { return false }
        return about.partitions?.contains(id.partition) ?? true
    }

    private func speaks(_ request: ClusterRequest, of about: TopicPartitions) -> Bool {
        let (partitions, topics) = request.subjects
        return partitions.contains { names(about, $0) }
            || topics.contains { topic in
                topic.topic == about.topic
                    && (about.partitions == nil || topic.partitions == nil
                        || topic.partitions!.contains { about.partitions!.contains($0) })
            }
    }
}
