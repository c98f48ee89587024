import Kernel

/// A cluster is started some time before zero. What happens until then is the same for every seed
/// and whatever will happen to the cluster, so many runs can share it: one world is booted, and
/// each run is a copy that adopts what is its own.
extension World {
    /// Whether a world with this configuration would stand at zero as this one does.
    public func isBoot(of other: WorldConfiguration) -> Bool {
        configuration.cluster != nil && !administrator.worldHasBegun
            && configuration.startsLike(other)
    }

    /// From here on the run is that of another configuration. Precondition: `isBoot(of:)`.
    public mutating func adopt(_ other: WorldConfiguration) {
        precondition(isBoot(of: other), "a cluster that has started differently")
        sharedConfiguration = Shared(other)
        script = Script(other)
        for place in nodes.count..<processes.count {
            processes[place].clockAhead = other.clockAhead(of: place)
        }
        for (place, client) in (other.cluster?.producers ?? []).enumerated() {
            producers[place] = ProducerSeat(client, actor: producers[place].actor)
        }
        for (place, client) in (other.cluster?.consumers ?? []).enumerated() {
            consumers[place] = ConsumerSeat(client, actor: other.actor(ofClient: client.name))
        }
    }
}

extension WorldConfiguration {
    /// Whether nothing differs that has a part in what happens before zero. Choices that are not
    /// left to the seed may have one.
    fileprivate func startsLike(_ other: WorldConfiguration) -> Bool {
        guard let cluster, let others = other.cluster, overrides.isEmpty, other.overrides.isEmpty
        else { return false }
        return nodes == other.nodes && kraftVersion == other.kraftVersion && raft == other.raft
            && network == other.network && disk == other.disk && proposers == other.proposers
            && snapshots == other.snapshots && metadataSegmentBytes == other.metadataSegmentBytes
            && cluster.startsLike(others)
    }
}

extension ClusterConfiguration {
    fileprivate func startsLike(_ other: ClusterConfiguration) -> Bool {
        settings == other.settings && generation == other.generation
            && features == other.features && topics == other.topics
            && nodeSettings.elementsEqual(other.nodeSettings) { $0 == $1 }
            && racks.elementsEqual(other.racks) { $0 == $1 }
            && producers.map(\.name) == other.producers.map(\.name)
            && consumers.map(\.name) == other.consumers.map(\.name)
    }
}
