/// Whatever a process of the cluster can be asked over the network, but for what the quorum says
/// to itself.
public enum ClusterRequest: Sendable {
    case broker(BrokerRequest)
    case controller(ControllerRequest)

    public var api: APIKey {
        switch self {
        case .broker(let request): request.api
        case .controller(let request): request.api
        }
    }
}

/// What it answers.
public enum ClusterReply: Sendable {
    case broker(BrokerReply)
    case controller(ControllerReply)
}

/// What became of a request that no answer came to.
public enum ChannelFailure: Hashable, Sendable {
    /// The connection broke. The request may have been carried out.
    case disconnected
    /// No answer came in time, and the connection was closed. The request may yet be carried out.
    case timedOut
    /// There was no connection to send it over.
    case unreachable
}
