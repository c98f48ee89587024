/// What a dynamic setting belongs to.
public enum ConfigResource: Comparable, Hashable, Sendable {
    /// All brokers and controllers: their own entries come first.
    case cluster
    /// One broker or controller.
    case broker(NodeID)
    case topic(String)
    case group(String)
}
