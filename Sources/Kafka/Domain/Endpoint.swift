/// Where a process listens. A host that moves gets another port on the same host number, so an
/// address that was true once can be told from the one that is true now.
public struct Endpoint: Comparable, Hashable, Sendable {
    public var host: NodeID
    public var port: Int32

    @inlinable
    public init(host: NodeID, port: Int32 = 0) {
        self.host = host
        self.port = port
    }

    @inlinable
    public static func < (left: Endpoint, right: Endpoint) -> Bool {
        (left.host, left.port) < (right.host, right.port)
    }
}
