import Kafka
import Kernel
import Simulation

/// Whom to ask when something has become of a partition, and in which order: what is said of a
/// promise comes before the ghost takes the partition as it now is.
struct ReplicationGuarantees: Sendable {
    let acknowledged = AcknowledgedRecordLost()
    private let oneLeader = OneLeaderPerEpoch()
    private let epochsOnlyGrow = EpochsOnlyGrow()
    var isrWithinReplicas = InSyncReplicasAreReplicas()
    private let leaderCompleteness = LeaderCompleteness()
    private let consistentRead = ConsistentRead()
    private let logMatching = LogMatching()
    private let committedPrefix = CommittedPrefix()
    let highWatermark = HighWatermark()
    private let quorumSuperset = ReplicationQuorumSuperset()
    private let epochLineage = EpochLineage()
    private let producerStates = ProducerStates()

    func appended(
        to ghost: inout PartitionGhost, from: Int64, to: Int64, by node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        ghost.append(node, from: from, to: to, in: world)
        if ghost.sequences.repeats.isEmpty { return }
        producerStates.observe(&ghost, by: node, world, chronicle, &findings)
    }

    func movedHighWatermark(
        of ghost: inout PartitionGhost, from: Int64, to: Int64, at node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let its = world.standing(of: ghost.id, at: node) else { return }
        highWatermark.observe(ghost.id, its, from: from, at: node, world, chronicle, &findings)
        let place = ghost.place(openedBy: node)
        logMatching.observe(place, highWatermark: to, &ghost, world, chronicle, &findings)
        guard its.isLeader else { return }
        if !ghost.isBehind(its) {
            committedPrefix.judge(
                leader: place, highWatermark: to, &ghost, world, chronicle, &findings)
        }
        ghost.commit(place, to: to, epoch: its.leaderEpoch, at: world.now)
    }

    func judgeOffsets(
        of id: TopicIDPartition, at node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard let its = world.standing(of: id, at: node) else { return }
        highWatermark.judge(id, its, at: node, world, chronicle, &findings)
    }

    /// Somebody leads, as far as he knows.
    func becameLeader(
        of ghost: inout PartitionGhost, epoch: Int32, at node: Int, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        oneLeader.observe(epoch, by: node, ghost, world, chronicle, &findings)
        ghost.begin(Reign(epoch: epoch, node: node, at: world.now))
        if ghost.reigns.last?.node == node, let place = ghost.place(of: node) {
            ghost.readSequences(of: place, in: world)
        }
        judgeLeader(of: &ghost, at: node, world, chronicle, &findings)
    }

    /// Somebody leads, and takes requests.
    func judgeLeader(
        of ghost: inout PartitionGhost, at node: Int, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        guard let place = ghost.currentLeader(in: world), ghost.replicas[place].node == node,
            let its = world.standing(of: ghost.id, at: node)
        else { return }
        ghost.readSequences(of: place, in: world)
        consistentRead.judge(leader: place, &ghost, world, chronicle, &findings)
        leaderCompleteness.judge(leader: place, &ghost, world, chronicle, &findings)
        acknowledged.judge(leader: place, &ghost, world, chronicle, &findings)
        ghost.commit(place, to: its.highWatermark, epoch: its.leaderEpoch, at: world.now)
        quorumSuperset.judge(ghost, world, chronicle, &findings)
        epochLineage.judge(ghost, world, chronicle, &findings)
    }

    /// The metadata log says something of the partition.
    func decided(
        _ registration: PartitionRegistration, of ghost: inout PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        epochsOnlyGrow.observe(registration, ghost, world, chronicle, &findings)
        isrWithinReplicas.observe(
            registration, after: ghost.registration, of: ghost.id, world, chronicle, &findings)
        ghost.register(registration, in: world)
        guard let place = ghost.currentLeader(in: world),
            let its = world.standing(of: ghost.id, at: ghost.replicas[place].node),
            !ghost.isBehind(its)
        else { return }
        committedPrefix.judge(
            leader: place, highWatermark: its.highWatermark, &ghost, world, chronicle, &findings)
        quorumSuperset.judge(ghost, world, chronicle, &findings)
        epochLineage.judge(ghost, world, chronicle, &findings)
    }

    /// A leader wants another ISR, or has heard what became of its wish.
    func changedISR(
        of ghost: PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        quorumSuperset.judge(ghost, world, chronicle, &findings)
    }

    func conclude(
        _ ghost: inout PartitionGhost, _ world: World, _ chronicle: Chronicle,
        _ findings: inout Findings
    ) {
        if let place = ghost.currentLeader(in: world) {
            acknowledged.judge(leader: place, &ghost, world, chronicle, &findings)
            acknowledged.conclude(leader: place, ghost, world, chronicle, &findings)
        }
        for replica in ghost.replicas where world.isRunning(replica.node) {
            producerStates.conclude(ghost.id, at: replica.node, world, chronicle, &findings)
        }
        epochLineage.judge(ghost, world, chronicle, &findings)
    }
}
