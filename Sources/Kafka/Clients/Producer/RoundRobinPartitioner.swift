/// RoundRobinPartitioner: the available partitions of a topic in turn, in the client's order,
/// whether records have keys or not. It is not told of new batches, so it skips none.
public struct RoundRobinPartitioner: Sendable {
    private var counter: UInt32 = 0

    public init() {}

    public mutating func next(available: [Int32], of count: Int32) -> Int32 {
        let number = Int32(bitPattern: counter & 0x7fff_ffff)
        counter &+= 1
        return available.isEmpty ? number % count : available[Int(number) % available.count]
    }
}
