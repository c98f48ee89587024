import Kafka
import Kernel

/// What can go wrong. Each stands until it is healed, except those that are over at once (crash,
/// power loss, reset, jump, bit flip, wipe): these are mended by a `restart`, or not at all.
public enum Fault: Hashable, Sendable {
    // Processes.

    /// kill -9: the process is gone, the page cache and the host's TCP stack stay.
    case crash(Target)
    /// The host is gone at once, with what had not reached the disk; its peers are not told.
    case losePower(Target)
    /// A process that is down begins again with what its disk holds.
    case restart(Target)
    /// A long collection of garbage: nothing is worked off, and the process notices nothing.
    case pause(Target)
    /// A graceful shutdown: the process may take its time to hand over.
    case shutDown(Target)
    /// The process's clock runs ahead of the world's by this much from now on.
    case skewClock(Target, ahead: Interval)
    /// The process's clock jumps once, forwards or backwards.
    case jumpClock(Target, by: Interval)
    /// The host gets another address; who asks at the old one is refused.
    case move(Target)

    // Network. "From" may be omitted: from everybody else.

    case cut(Target, from: Target?, Direction, Fate)
    /// Connections between them are torn down, and both ends are told.
    case reset(Target, from: Target?)
    /// Connections between them are forgotten underway: neither end is told, and nothing arrives.
    case silence(Target, from: Target?)
    /// The links between them are slow: each message takes this much longer.
    case clog(Target, from: Target?, by: Interval)
    /// Several links are clogged one after another and unclogged in another order, each for a time
    /// of its own up to `within`.
    case swizzle(Target, by: Interval, within: Interval)

    // Disk.

    /// Every flush takes this much longer.
    case slowDisk(Target, by: Interval)
    /// Nothing more can be written; Kafka halts when its log directory fails.
    case fillDisk(Target)
    /// The disk says that it has flushed, and has not: a power loss takes it all back.
    case lieAboutFlushes(Target)
    /// A bit on the disk flips in this part of the log; its CRC tells when it is read at start-up.
    case flipBit(Target, BitPlace)
    /// A log directory of a broker, counted from 1, can be neither read nor written. Once healed it
    /// is used again by the next process.
    case failDirectory(Target, Int)
    /// The disk is empty when the process starts again, and has its old directory id.
    case wipeDisk(Target)
    /// A new disk with a new directory id: to the quorum, somebody else (KIP-853).
    case replaceDisk(Target)

    // Requests.

    case disturb(RequestFault)
    /// A broker's thread that serves a follower's fetch stops where Kafka lets go of a lock, until
    /// it is healed; everything else goes on. The next one that gets there, and no other.
    case hold(Target, at: YieldPoints)

    /// Which way of a link is cut.
    public enum Direction: String, CaseIterable, Hashable, Sendable {
        case both
        /// What the target sends does not arrive.
        case outgoing
        /// What is sent to the target does not arrive.
        case incoming
    }

    /// What becomes of connections over a cut link.
    public enum Fate: String, CaseIterable, Hashable, Sendable {
        /// Bytes wait and arrive after the healing, if the connection is still there.
        case stall
        /// They break at once.
        case die
    }

    /// Where in a log a bit flips.
    public enum BitPlace: String, CaseIterable, Hashable, Sendable {
        /// In the last batch: what a torn write looks like.
        case tail
        /// In any batch, drawn by the seed.
        case anywhere
    }
}

/// Which standing faults are healed.
public enum Healing: Hashable, Sendable {
    /// Everything, and every process that is down or paused runs again.
    case all
    case network
    case disks
    case clocks
    case requests
    /// Every process that is down or paused runs again.
    case processes
    /// A paused process goes on, believing that nothing has happened.
    case resume(Target)
    /// Every standing fault of the step with this number (from 0).
    case step(Int)
}

/// A fault of single requests, by API, sender, receiver, topic and occurrence.
public struct RequestFault: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// It never arrives; whoever sent it waits.
        case drop
        case delay(Interval)
        /// It is carried out, and the answer never arrives.
        case loseReply
        /// It is not carried out, and the answer is this error.
        case fail(KafkaError)
    }

    /// The quorum's own requests, or all others.
    public enum API: Hashable, Sendable {
        case quorum(RaftAPI)
        case cluster(APIKey)
    }

    /// Nil: all of them.
    public var api: API?
    public var from: Target?
    public var to: Target?
    /// Only those that name the topic, or one of these partitions of it. A fetch in a session
    /// names only what is new (KIP-227).
    public var about: TopicPartitions?
    /// The first matching request that suffers, counted from 1 when the fault begins.
    public var first: Int
    /// How many suffer; nil: all until it is healed.
    public var count: Int?
    public var action: Action

    public init(
        api: API? = nil, from: Target? = nil, to: Target? = nil, about: TopicPartitions? = nil,
        first: Int = 1, count: Int? = 1, action: Action
    ) {
        self.api = api
        self.from = from
        self.to = to
        self.about = about
        self.first = first
        self.count = count
        self.action = action
    }
}
