import Kernel

/// The log directories of a broker (KIP-113, KIP-858): which of them can be used, and which replica
/// lies in which.
///
/// A replica stays where it is. With one directory nobody needs to know where replicas lie, and
/// nothing is kept of it.
struct LogDirectories: Sendable {
    /// In the order in which the broker names them. Empty: nobody has said which there are.
    private(set) var online: [DirectoryID]
    /// They could be used when the process began, and cannot any more.
    private(set) var failed: [DirectoryID] = []
    private(set) var places: ForkableMap<TopicIDPartition, DirectoryID>
    private let areSeveral: Bool

    init(
        _ all: [DirectoryID] = [], unusable: [DirectoryID] = [],
        places: ForkableMap<TopicIDPartition, DirectoryID> = ForkableMap()
    ) {
        online = all.filter { !unusable.contains($0) }
        areSeveral = all.count > 1
        self.places = places
    }

    /// Its log is where nobody can read it.
    func isOffline(_ id: TopicIDPartition) -> Bool {
        areSeveral && (places[id].map { !online.contains($0) } ?? false)
    }

    /// Nil: there is only one directory that it could be in.
    func place(of id: TopicIDPartition) -> DirectoryID? { areSeveral ? places[id] : nil }

    /// A replica gets its log: in the directory that the controller has it in, or else in the one
    /// with the fewest logs (LogManager.nextLogDirs).
    mutating func settle(_ id: TopicIDPartition, assigned: DirectoryID?) {
        guard areSeveral, places[id] == nil else { return }
        if let assigned, online.contains(assigned) {
            places[id] = assigned
            return
        }
        let counts = online.map { directory in places.count { $0.value == directory } }
        guard let fewest = counts.min(), let place = counts.firstIndex(of: fewest) else { return }
        places[id] = online[place]
    }

    /// The log is gone.
    mutating func forget(_ id: TopicIDPartition) { places[id] = nil }

    /// False: it could not be used anyway.
    mutating func fail(_ directory: DirectoryID) -> Bool {
        guard let place = online.firstIndex(of: directory) else { return false }
        online.remove(at: place)
        failed.append(directory)
        return true
    }
}

extension ReplicaManager {
    /// A directory can be neither read nor written any more: its replicas are not served until a
    /// process can use it again (ReplicaManager.handleLogDirFailure).
    mutating func fail(
        _ directory: DirectoryID, at now: Instant, _ effects: inout ReplicaEffects
    ) {
        guard directories.fail(directory) else { return }
        for id in dormantLogs.map(\.key) where directories.isOffline(id) {
            unreachable[id] = dormantLogs.remove(id).map { Shared($0.value.files) }
        }
        for id in hosted where directories.isOffline(id) {
            unreachable[id] = Shared(partitions[present: id].value.log.files)
            guard let removed = partitions.remove(id) else { continue }
            effects.append(.stopFetching(id))
            effects.append(.note(.removed(id)))
            wakeAfterDemotion(removed.value.watchers, at: now, &effects)
        }
    }

    /// What lies elsewhere than the controller believes is told to it: a broker with several
    /// directories decides itself which of them a new replica gets (AssignmentsManager).
    func tellDirectories(
        of changed: [TopicIDPartition], _ effects: inout ReplicaEffects
    ) {
        var assigned: [AssignReplicasToDirsRequest.Directory] = []
        for id in changed {
            guard let place = directories.place(of: id), partitions.contains(id),
                let registration = broker.sharedMetadata.value.partition(id),
                registration.directory(of: broker.id) != place
            else { continue }
            if let known = assigned.firstIndex(where: { $0.id == place }) {
                assigned[known].partitions.append(id)
            } else {
                assigned.append(AssignReplicasToDirsRequest.Directory(place, [id]))
            }
        }
        if !assigned.isEmpty { effects.append(.assignDirectories(assigned)) }
    }
}
