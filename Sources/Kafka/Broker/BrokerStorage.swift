import Kernel

/// What lies on the disks of a broker: all that a killed process leaves behind, and what the next
/// one starts from. Power loss and bit rot are done to it while no process has it open.
public struct BrokerStorage: Sendable {
    /// The ids that its log directories got when they were formatted, in their order.
    public var directories: [DirectoryID]
    /// Those of them that can be neither read nor written.
    public var unusable: [DirectoryID] = []
    /// `.kafka_cleanshutdown`: the epoch of the broker that stopped after it had flushed everything
    /// (KIP-966). The next process takes it away when it starts.
    public var cleanShutdownEpoch: Int64?
    /// Logs, and what is written down about them.
    public var replicas = ReplicaDisk()

    /// A disk that was just formatted.
    public init(directories: [DirectoryID]) {
        precondition(!directories.isEmpty, "a broker has a log directory")
        self.directories = directories
    }
}
