import Kafka
import Kernel

/// One thing that a scenario does to the world, and when.
public struct Step: Hashable, Sendable {
    public var trigger: Trigger
    /// How long after its trigger it happens.
    public var delay: Interval
    public var action: Action
    /// A standing fault heals by itself after this long.
    public var lasting: Interval?

    public init(
        _ trigger: Trigger, delay: Interval = .zero, _ action: Action, lasting: Interval? = nil
    ) {
        self.trigger = trigger
        self.delay = delay
        self.action = action
        self.lasting = lasting
    }

    public enum Trigger: Hashable, Sendable {
        case at(Instant)
        /// As soon as it holds.
        case when(Condition)
        /// As soon as it has happened.
        case after(Occurrence)
    }

    public enum Action: Hashable, Sendable {
        case fault(Fault)
        case heal(Healing)
        case admin(Admin)
        /// The controller's state machine proposes this many records in one batch.
        case propose(records: Int)
    }

    /// What an administrator asks of the quorum.
    public enum Admin: Hashable, Sendable {
        /// `kafka-metadata-quorum add-controller`: the node joins with the directory it has now.
        case addVoter(Target)
        case removeVoter(Target)
        case describe
        /// `kafka-features upgrade`: dynamic voters (KIP-853) need kraft.version 1.
        case upgradeKRaftVersion(Int16)
        /// The controller gives up its leadership.
        case resign
        /// The targets write a snapshot of what they have applied, and clean their logs.
        case snapshot(Target)
    }
}

/// A state of the world, judged when something that it speaks of has changed.
public indirect enum Condition: Hashable, Sendable {
    /// A running voter leads.
    case hasController
    case role(Target, Role)
    case epoch(Target, atLeast: Int32)
    case logEnd(Target, atLeast: Int64)
    case highWatermark(Target, atLeast: Int64)
    case isRunning(Target)
    case isDown(Target)
    case not(Condition)
    case all([Condition])
    case any([Condition])
}

/// A happening to wait for: `controller 2 becomes leader`, `any voter truncates`, the third time.
public struct Occurrence: Hashable, Sendable {
    public var kind: Happening.Kind
    /// Nil: whoever.
    public var by: Target?
    /// Only if it concerns this offset: an append that holds it, a high watermark at or past it.
    public var offset: Int64?
    public var epoch: Int32?
    /// Which of the matching ones, from 1.
    public var count: Int
    /// Instead of counting happenings: once they have been about this many records in all.
    public var records: Int64?

    public init(
        _ kind: Happening.Kind, by: Target? = nil, offset: Int64? = nil, epoch: Int32? = nil,
        count: Int = 1, records: Int64? = nil
    ) {
        self.kind = kind
        self.by = by
        self.offset = offset
        self.epoch = epoch
        self.count = count
        self.records = records
    }

    /// How much is to come before it has happened.
    public var amount: Int64 { records ?? Int64(count) }

    /// How much of that a matching happening brings.
    public func amount(of happening: Happening) -> Int64 {
        guard records != nil else { return 1 }
        return switch happening {
        case .appended(let from, let to): to - from
        case .truncated(let from, let to), .lostRecords(let from, let to),
            .forgotRecords(let from, let to):
            from - to
        default: 0
        }
    }
}

/// What the program around a client is told to do.
public enum ClientOrder: Hashable, Sendable {
    /// A producer waits for everything that it has sent.
    case flush
    /// The program ends in order.
    case close
    /// A consumer reads on from there.
    case seek(PartitionName, Position)
    /// A consumer reads these partitions from now on; of a topic all where none is named.
    case assign([TopicPartitions])

    public enum Position: Hashable, Sendable {
        case offset(Int64)
        case beginning
        case end
    }
}
