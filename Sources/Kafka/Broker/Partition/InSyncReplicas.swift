/// The ISR as a leader sees it: what the controller has agreed to, and the change that is on its
/// way there (Partition's PartitionState, KIP-497). Lists ascend.
public enum InSyncReplicas: Equatable, Sendable {
    case committed([NodeID])
    /// Counted from now on: a stricter rule can do no harm if the controller refuses.
    case expanding([NodeID], adding: NodeID, sent: AlterPartitionRequest.Partition)
    /// Those that leave are still counted: the controller may refuse, and elect one of them.
    case shrinking([NodeID], removing: [NodeID], sent: AlterPartitionRequest.Partition)

    /// What the controller agreed to last. Reading `min.insync.replicas` against this one keeps a
    /// producer from writing to replicas that might be none.
    public var committed: [NodeID] {
        switch self {
        case .committed(let members), .expanding(let members, _, _), .shrinking(let members, _, _):
            members
        }
    }

    public var sent: AlterPartitionRequest.Partition? {
        switch self {
        case .committed: nil
        case .expanding(_, _, let sent), .shrinking(_, _, let sent): sent
        }
    }

    public var isInFlight: Bool {
        if case .committed = self { return false }
        return true
    }

    /// Everybody who may be in the ISR, however the controller decides. With less, the high
    /// watermark could pass what a member lacks; before KIP-497 the leader believed its own wish.
    @inline(__always)
    func maximalContains(_ broker: NodeID, believesWish: Bool) -> Bool {
        switch self {
        case .committed(let members): members.contains(broker)
        case .expanding(let members, let new, _): broker == new || members.contains(broker)
        case .shrinking(let members, let leaving, _):
            members.contains(broker) && !(believesWish && leaving.contains(broker))
        }
    }

    /// How many may be in the ISR.
    func maximalCount(believesWish: Bool) -> Int {
        switch self {
        case .committed(let members): members.count
        case .expanding(let members, _, _): members.count + 1
        case .shrinking(let members, let leaving, _):
            members.count - (believesWish ? leaving.count : 0)
        }
    }

    /// All of them.
    public var maximal: [NodeID] {
        guard case .expanding(let members, let new, _) = self else { return committed }
        return (members + [new]).sorted()
    }

    /// The change was refused, or never looked at: it is as it was.
    mutating func takeBack() { self = .committed(committed) }
}
