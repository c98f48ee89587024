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
    /// Its trigger counts only from the moment when the step before it has fired.
    public var comesNext: Bool

    public init(
        _ trigger: Trigger, delay: Interval = .zero, _ action: Action, lasting: Interval? = nil,
        comesNext: Bool = false
    ) {
        self.trigger = trigger
        self.delay = delay
        self.action = action
        self.lasting = lasting
        self.comesNext = comesNext
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
        /// Producers are to send, in addition to what they send already.
        case send(Target, SendOrder)
        case tell(Target, ClientOrder)
        /// The administrator tries it for so long, or for as long as he usually does.
        case manage(AdminOrder, through: Entrance, within: Interval? = nil)
        /// The order of a partition's replicas is changed so that the target comes first, and an
        /// election of preferred leaders follows.
        case prefer(Target, TopicPartition)
        /// A broker that is down is given the marker of a clean stop, as if by hand, with the
        /// epoch that it had last.
        case markClean(Target)
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

    /// Whom an administrator's client talks to (KIP-919).
    public enum Entrance: String, CaseIterable, Hashable, Sendable {
        case controllers, brokers
    }
}

/// What the program around a client is told to do.
public enum ClientOrder: Hashable, Sendable {
    /// A producer waits for everything that it has sent.
    case flush
    /// The program ends in order.
    case close
    /// A consumer reads on from there.
    case seek(TopicPartition, Position)
    /// A consumer reads these partitions from now on; of a topic all where none is named.
    case assign([TopicPartitions])
    /// A consumer is given nothing more of these, until it is told otherwise (Consumer.pause): what
    /// has been fetched of them waits.
    case mute([TopicPartitions])
    case unmute([TopicPartitions])
    /// A consumer asks where the log begins or ends, and reads on where it was.
    case lookUp(TopicPartition, End)

    public enum End: String, CaseIterable, Hashable, Sendable {
        case beginning, end
    }

    public enum Position: Hashable, Sendable {
        case offset(Int64)
        case beginning
        case end
    }
}
