import Kernel

/// One of a broker's fetcher threads: from whom, and the how-manieth of those from there.
public struct FetcherID: Comparable, Hashable, Sendable {
    public var source: NodeID
    public var slot: Int32

    public init(source: NodeID, slot: Int32) {
        self.source = source
        self.slot = slot
    }

    public static func < (left: FetcherID, right: FetcherID) -> Bool {
        (left.source, left.slot) < (right.source, right.slot)
    }
}

/// Counts the requests of a broker's fetchers. A thread waits for one answer at a time, and an
/// answer to a thread that has ended since finds nobody who waits for it.
public struct FetcherTicket: Comparable, Hashable, Sendable {
    public var rawValue: Int64

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: FetcherTicket, right: FetcherTicket) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What reaches a broker's fetchers through their one door.
public enum FetcherInput: Sendable {
    /// New metadata: these are no longer to be copied, then those are, from a leader that they had
    /// not before. Threads that are left without any end.
    case assigned(stopped: [TopicIDPartition], started: [FetchStart])
    /// A thread gets a turn. Nothing happens while it waits for an answer.
    case turn(FetcherID)
    case answer(BrokerReply, FetcherID, FetcherTicket)
    /// There will be no answer: the connection broke, or time is over.
    case failed(FetcherID, FetcherTicket)
    /// The log start of a follower moved by itself, as by retention: the leader wants to know.
    case logStartMoved(TopicIDPartition)
}

/// One thing that a broker's fetchers want done, in order.
public enum FetcherEffect: Sendable {
    case send(BrokerRequest, FetcherID, FetcherTicket)
    /// It wants a `turn` then, unless it was given one before.
    case wake(FetcherID, at: Instant)
    /// The thread is gone, and its connection with it.
    case ended(FetcherID)
    /// Of these followers the high watermark moved: readers may be waiting for it.
    case highWatermarksMoved([TopicIDPartition])
    /// The log has work for the background.
    case logTask(TopicIDPartition, LogTask)
    case note(FetcherNote)
}

/// What an observer may want to know of a follower and could not see from outside.
public enum FetcherNote: Hashable, Sendable {
    /// It gave up what it had from the second offset on.
    case truncated(TopicIDPartition, end: Int64, to: Int64)
    /// It gave up all that it had, and begins anew there.
    case startedAnew(TopicIDPartition, at: Int64)
    /// It is left alone until there is a newer leader epoch.
    case failed(TopicIDPartition)
}

public typealias FetcherEffects = Outbox<FetcherEffect>
