/// Which waiting request; in the order in which they began to wait.
public struct OperationID: Comparable, Hashable, Sendable {
    var rawValue: UInt64

    public static func < (left: OperationID, right: OperationID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension [OperationID] {
    /// One mention of it: a request that names a partition twice waits there twice.
    mutating func forget(_ id: OperationID) {
        if let index = firstIndex(of: id) { remove(at: index) }
    }
}

/// The requests that wait for something to happen in one partition, by the purgatory they are in,
/// oldest first. So whatever happens there looks at these and at no others.
struct Watchers: Sendable {
    var produces: [OperationID] = []
    var fetches: [OperationID] = []
    var deletions: [OperationID] = []
}
