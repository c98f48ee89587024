import Kernel

/// A controller in its seat on the metadata quorum: what the Raft node of its process tells becomes
/// what the controller hears, and what the controller wants written becomes a proposal
/// (QuorumController, as the listener of its RaftClient).
public struct QuorumController: Sendable {
    public private(set) var controller: Controller
    /// Counts what it has proposed in this leadership.
    private var nextItem: Int64 = 0
    private var outbox = ControllerEffects()

    public init(_ controller: Controller) {
        self.controller = controller
    }

    /// A request, or a timer of the controller's.
    public mutating func receive(_ input: ControllerInput, _ turn: inout QuorumTurn) {
        controller.receive(input, at: turn.now, &turn.choices, &outbox)
        for effect in outbox.items { handle(effect, &turn) }
        outbox.removeAll()
    }

    /// What the node tells; its log ends at `logEnd`.
    public mutating func hear(_ news: RaftNews, logEnd: Int64, _ turn: inout QuorumTurn) {
        switch news {
        case .committed(let batches):
            for batch in batches { hear(committed: batch, &turn) }
        case .leaderChange(let leader, let epoch):
            receive(.becomeStandby, &turn)
            guard leader == controller.id else { return }
            nextItem = 0
            receive(.becomeActive(epoch: epoch, nextOffset: logEnd), &turn)
        case .loadSnapshot(let snapshot):
            guard let image = turn.contents.image(of: snapshot.id) else {
                preconditionFailure("a snapshot that nobody has written")
            }
            receive(.becomeStandby, &turn)
            receive(.snapshot(image, lastOffset: snapshot.id.offset - 1), &turn)
        case .loadBootstrap: break
        }
    }

    /// How a proposal ended: one that the node refuses means that its leadership is over.
    public mutating func hear(_ result: RaftCallResult, _ turn: inout QuorumTurn) {
        if case .refused = result { receive(.becomeStandby, &turn) }
    }

    /// The active controller knows what it has written: it only hears how far it has come.
    private mutating func hear(committed batch: RaftBatch, _ turn: inout QuorumTurn) {
        let records = controller.isActive ? [] : turn.contents.records(of: batch)
        receive(
            .committed(records, firstOffset: batch.baseOffset, endOffset: batch.endOffset), &turn)
    }

    private mutating func handle(_ effect: ControllerEffect, _ turn: inout QuorumTurn) {
        switch effect {
        case .append(let records, _, let epoch):
            turn.contents.add(records, epoch: epoch, firstItem: nextItem)
            let proposal = RaftProposal(
                epoch: epoch, count: Int32(records.count), firstItem: nextItem,
                sizeInBytes: Int32(records.count) * Self.recordBytes)
            nextItem += Int64(records.count)
            turn.effects.append(.raft(.append(proposal)))
        case .resign(let epoch, let reason):
            turn.effects.append(.raft(.resign(epoch: epoch)))
            turn.effects.append(.fault(reason))
        case .reply(let reply, let token): turn.effects.append(.reply(reply, to: token))
        case .setTimer(let task, let instant): turn.effects.append(.setTimer(task, at: instant))
        case .taskFailed(_, let reason): turn.effects.append(.fault(reason))
        }
    }

    /// About what a metadata record is long.
    private static let recordBytes: Int32 = 100
}

/// What one input of a quorum controller sees, and what it leaves behind.
public struct QuorumTurn: Sendable {
    public var now: Instant
    public var choices: Choices
    public var contents: MetadataContents
    public var effects: [QuorumEffect] = []

    public init(now: Instant, choices: Choices, contents: MetadataContents) {
        self.now = now
        self.choices = choices
        self.contents = contents
    }
}

/// One thing that a quorum controller wants done, in order.
public enum QuorumEffect: Sendable {
    /// For the Raft node of its process.
    case raft(RaftInput)
    case reply(ControllerReply, to: ReplyToken)
    case setTimer(ControllerTask, at: Instant)
    /// Something went wrong inside.
    case fault(ControllerFault)
}
