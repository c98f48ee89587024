/// How far a broker process is in its life (BrokerState).
public enum BrokerState: Hashable, Sendable {
    case notRunning
    /// It registers, and applies the metadata log up to its registration.
    case starting
    /// It has caught up, and waits to be unfenced.
    case recovery
    /// It serves.
    case running
    /// It has asked to be relieved of its leaderships.
    case pendingControlledShutdown
    case shuttingDown
}
