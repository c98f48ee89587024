import Kernel

/// What reaches a broker through its one door.
public enum BrokerInput: Sendable {
    /// The process begins. Comes once, and first.
    case start
    /// `nextDeadline` has come.
    case wake
    /// Of a client or another broker. Those that come before the broker has opened wait.
    case request(BrokerRequest, from: ReplyToken)
    /// More of the metadata log is committed. The first one holds everything that was committed
    /// when the process began to look (MetadataLoader waits for that).
    case metadata(MetadataUpdate)
    /// Whom the process's own observer of the quorum believes to lead it.
    case controller(NodeID?)
    /// The answer to a request of this broker.
    case answer(ClusterReply, to: CorrelationID)
    /// There will be none. The connection is closed; the next request to that destination opens
    /// another, not before `reconnect.backoff.ms` (50 ms between brokers) is over.
    case failed(ChannelFailure, of: CorrelationID)
    /// From now on the work on requests is interrupted at these points.
    case interrupt(at: YieldPoints)
    /// The gap of an interrupted request is over.
    case resume(SuspensionID)
    /// The clock that tells it the time of day was set. What it does after a while it does as if
    /// nothing had happened: that goes by a clock which nobody sets (System.nanoTime).
    case clockJumped(by: Interval)
    /// What logs have done in the background takes this long from now on.
    case diskIsSlow(by: Interval)
    /// One of its log directories can be neither read nor written from now on.
    case directoryFails(DirectoryID)
    /// Somebody asks the process to stop (SIGTERM).
    case shutDown
}
