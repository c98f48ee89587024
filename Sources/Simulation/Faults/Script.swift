import Kafka
import Kernel

/// The scenario's side of a world: which steps have fired, what stands and how to mend it, and what
/// is waited for.
struct Script: Sendable {
    /// A step and how far it has come.
    struct Progress: Sendable {
        var hasFired = false
        /// When its time came and it was tried.
        var firedAt: Instant?
        /// Its time has come, whether or not there was somebody for it to act on.
        var isOver = false
        /// Its trigger has come; it waits for its delay.
        var isTriggered = false
        /// Matching happenings that are still to come.
        var remaining: Int64
    }

    /// How one thing that was done is undone.
    enum Undo: Hashable, Sendable {
        case mend(from: Int32, to: Int32)
        case unclog(from: Int32, to: Int32, by: Interval)
        case speedUp(Int32, by: Interval)
        case empty(Int32)
        case mendDirectory(Int32, Int)
        case tellTheTruth(Int32)
        case turnBack(Int32, by: Interval)
        case resume(Int32)
        case restart(Int32)
        case leaveAlone(requestFault: Int32)
        case letGo(Int32, hold: Int32)
    }

    /// One standing effect of a fault.
    struct Standing: Sendable {
        /// Shared by everything that one fault has done.
        var fault: Int32
        /// Which step did it; -1 for random faults.
        var step: Int32
        var undo: Undo
    }

    /// A request fault in force.
    struct Disturbance: Sendable {
        var fault: Int32
        /// Which step did it; -1 for random faults.
        var step: Int32
        var what: RequestFault
        var seen = 0
    }

    /// A broker at which the next thread that gets to this point stops.
    struct Hold: Sendable {
        var fault: Int32
        /// Which step did it; -1 for random faults.
        var step: Int32
        var process: Int
        var point: YieldPoints
        /// What has been stopped, in which life of the process.
        var stopped: (SuspensionID, life: UInt32)?
    }

    /// A request under way, and what will become of it.
    struct Doomed: Sendable {
        var parcel: ParcelID
        var connection: ConnectionID
        /// Nil: it is carried out, and its answer is lost.
        var error: KafkaError?
    }

    /// A fault that will happen as part of another.
    struct Delayed: Sendable {
        var fault: Fault
        var lasting: Interval
        var step: Int32
    }

    var steps: [Progress]
    var standing: [Standing] = []
    var faultCount: Int32 = 0
    var requestFaults: [Disturbance] = []
    var holds: [Hold] = []
    /// Connections on which no answer arrives any more.
    var lostReplies: [ConnectionID] = []
    /// Connections on which no request arrives any more.
    var lostRequests: [ConnectionID] = []
    var disturbsRequests: Bool { !requestFaults.isEmpty || !lostRequests.isEmpty }
    /// Requests that their servers will not serve as they should when they get to them.
    var doomed: [Doomed] = []
    /// Clients (by process) whose programs have come to their end by themselves.
    var endedClients: [Int] = []
    var delayed: [Delayed] = []
    /// Steps whose trigger is a condition or a happening, and has not come.
    var waiting: [Int]
    /// The kinds of happenings that `waiting` steps need to look at, as a set of bits.
    var watched: UInt64 = 0
    /// A step has fired that another one comes next to: that one's trigger counts from now on.
    var hasAdvanced = false
    /// Whom the last step meant.
    var lastTargets: [Int] = []
    var adminRequests: UInt64 = 0
    /// What came of the orders that steps gave to the administrator.
    var answers: [AdminAnswer] = []
    /// The random faults that this seed uses.
    var scourges: [Scourge] = []
    /// How many disks have been replaced, for new directory ids.
    var disksReplaced: UInt64 = 0

    init(_ configuration: WorldConfiguration) {
        steps = configuration.steps.map { step in
            guard case .after(let occurrence) = step.trigger else { return Progress(remaining: 1) }
            return Progress(remaining: occurrence.amount)
        }
        waiting = configuration.steps.indices.filter {
            if case .at = configuration.steps[$0].trigger { false } else { true }
        }
        setWatched(configuration)
    }

    mutating func setWatched(_ configuration: WorldConfiguration) {
        watched = waiting.reduce(0) { $0 | configuration.steps[$1].trigger.watched }
    }
}

extension Step.Trigger {
    /// The kinds of happenings that can bring it about, as a set of bits.
    var watched: UInt64 {
        switch self {
        case .at: 0
        case .when(let condition): condition.watched
        case .after(let occurrence): occurrence.kind.bit
        }
    }
}

extension Happening.Kind {
    var bit: UInt64 { 1 << UInt64(rawValue) }

    static func bits(_ kinds: Happening.Kind...) -> UInt64 { bits(kinds) }

    /// As a set of bits.
    public static func bits(_ kinds: [Happening.Kind]) -> UInt64 {
        kinds.reduce(0) { $0 | $1.bit }
    }

    /// What makes a process run, or not.
    static let lifeBits = bits(
        .started, .crashed, .lostPower, .stopped, .died, .diskFailed, .paused, .resumed)
    static let roleBits = bits(
        .becameUnattached, .becameProspective, .becameCandidate, .becameLeader, .becameFollower,
        .becameResigned)
    /// What the metadata log says of partitions and brokers.
    static let metadataBits = bits(
        .changedPartition, .removedTopic, .registered, .fenced, .unfenced)
}
