import Kernel

/// What reaches a controller through its one door.
public enum ControllerInput: Sendable {
    case request(ControllerRequest, from: ReplyToken)
    /// The node leads the quorum of that epoch and has heard of everything committed before; what
    /// it writes begins at `nextOffset`.
    case becomeActive(epoch: Int32, nextOffset: Int64)
    /// Somebody else leads the quorum, or nobody.
    case becomeStandby
    /// Records up to `endOffset` are committed. The active controller knows them, and a standby
    /// gets to know them: `records` are those at `firstOffset`, ….
    case committed([MetadataRecord], firstOffset: Int64, endOffset: Int64)
    /// The log begins with a snapshot, which holds everything up to `lastOffset`.
    case snapshot(MetadataImage, lastOffset: Int64)
    /// The instant of a timer has come.
    case timer(ControllerTask)
}

/// What an active controller does of its own accord, each in its own rhythm (PeriodicTask).
public enum ControllerTask: CaseIterable, Comparable, Hashable, Sendable {
    /// Fences a broker whose session is over: one at a time, so that what it brings about is there
    /// before the next.
    case fenceStaleBroker
    /// Moves leaderships back to the preferred replicas.
    case balanceLeaders
    /// Elects unclean leaders for leaderless partitions of topics that allow it.
    case electUncleanLeaders
    /// Writes a record that says nothing, so that whoever follows the log sees it move (KIP-835).
    case writeNoOp
}
