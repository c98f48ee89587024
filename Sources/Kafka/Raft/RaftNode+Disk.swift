/// What whoever models the disk tells a running node about it.
extension RaftNode {
    /// A `persist` effect has been carried out, and the disk has not lied about it.
    public mutating func didPersistElection(waiting: Int) {
        storage.didPersistElection(waiting: waiting)
    }

    /// A `cut` of the log has been carried out.
    public mutating func didCutLog() { storage.didCutLog() }
}
