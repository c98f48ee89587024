import Kernel

/// The one thread of the classic consumer: what the program's call is doing, step upon step, when
/// it has to wait (ClassicKafkaConsumer).
struct ClassicThread: Sendable {
    enum Wait: Sendable {
        /// For an answer, at most until then.
        case network(until: Instant)
        case sleep(until: Instant)
    }

    /// What came of the step above.
    struct Returned: Sendable {
        var flag = false
        var offsets: [(partition: PartitionRef, position: CommittedPosition?)]?
    }

    var frames: [Frame] = []
    var wait: Wait?
    var returned = Returned()
    /// When it began to wait.
    var metadataVersion = 0
    /// All partitions have a position, when last looked.
    var hasAllPositions = false
}

extension ClassicThread {
    /// A step of a call that may have to wait, and where it is.
    enum Frame: Sendable {
        case poll(deadline: Instant, PollStep)
        case updatePositions(deadline: Instant, PositionStep)
        case fetchCommitted([PartitionRef], deadline: Instant, attempts: Int32, FetchStep)
        case findCoordinator(deadline: Instant, attempts: Int32, FindStep)
        case network(deadline: Instant, unless: Reason?, hasWaited: Bool)
        case networkUntil(Awaited, deadline: Instant, hasPolled: Bool)
        case sleep(until: Instant)
        case position(PartitionRef, deadline: Instant, LookStep)
        case lookUp(LookupID, deadline: Instant, LookUpStep)
        case commitSync(
            [ConsumerCall.OffsetsToCommit], deadline: Instant, attempts: Int32, CommitStep)
        case drainCommits(deadline: Instant, attempts: Int32, DrainStep)
        /// The program's own call of `commitSync` or `committed`, above the steps that do it.
        case answerCommit
        case answerCommitted
        case close(began: Instant, deadline: Instant, timeout: Interval, CloseStep)
    }

    /// Why a poll of the network does not wait.
    enum Reason: Sendable {
        /// Records are there.
        case records
        /// What it is polled for has come.
        case over(Awaited)
    }

    /// What a poll of the network goes on for.
    enum Awaited: Sendable {
        case coordinator
        case metadata(after: Int)
        case group(GroupRequestID)
        case lookup(LookupID)
        /// Nothing is under way there.
        case silence(of: NodeID)
        case sessionEnds

        /// It may have come before the first poll.
        var isFuture: Bool {
            switch self {
            case .coordinator, .group, .lookup: true
            case .metadata, .silence, .sessionEnds: false
            }
        }
    }

    enum PollStep: Sendable {
        case begin
        case metadataIsFresh
        case coordinated
        case positioned
        case fetched
    }

    enum PositionStep: Sendable {
        case begin
        case committed
    }

    enum LookStep: Sendable {
        case begin
        case updated
        case polled
    }

    enum FetchStep: Sendable {
        case begin
        case found
        case answered(GroupRequestID)
        case slept
    }

    enum FindStep: Sendable {
        case begin
        case looked
        case slept
        case refreshed
    }

    enum LookUpStep: Sendable {
        case begin
        case answered
        case refreshed
    }

    enum CommitStep: Sendable {
        case begin
        case found
        case drained
        case answered(GroupRequestID)
        case slept
    }

    enum DrainStep: Sendable {
        case begin
        case found
        case polled
        case slept
    }

    enum CloseStep: Sendable {
        case begin
        case committed
        case found
        case silent
        case sessionsEnded

        var afterFailure: CloseStep {
            switch self {
            case .begin, .committed, .found: .silent
            case .silent, .sessionsEnded: .sessionsEnded
            }
        }
    }

    mutating func push(_ frame: Frame) { frames.append(frame) }

    /// The step on top goes on elsewhere.
    mutating func become(_ frame: Frame) { frames[frames.count - 1] = frame }

    mutating func pop(_ flag: Bool = false) {
        frames.removeLast()
        returned.flag = flag
    }
}
