/// Which partition of an internal topic, or which thread, a name belongs to. All are the absolute
/// value of a Java hash modulo their number; the absolute value of Int32.min counts as 0
/// (Utils.abs), unlike that of a record's key, which loses its sign bit.
public enum NamedPartition {
    /// Of `__consumer_offsets` for a group, of `__transaction_state` for a transactional id.
    public static func coordinating(_ name: some StringProtocol, of partitions: Int32) -> Int32 {
        absolute(JavaOrder.hash(of: name)) % partitions
    }

    /// Of `__share_group_state`.
    public static func coordinatingShare(
        group: String, topicID high: Int64, _ low: Int64, partition: Int32, of partitions: Int32
    ) -> Int32 {
        let key = shareKey(group: group, topicID: high, low, partition: partition)
        return coordinating(key, of: partitions)
    }

    /// How Kafka writes a partition of a share group: the topic's id in URL-safe base 64 without
    /// padding (SharePartitionKey.asCoordinatorKey).
    public static func shareKey(
        group: String, topicID high: Int64, _ low: Int64, partition: Int32
    ) -> String {
        "\(group):\(base64(high, low)):\(partition)"
    }

    /// Which of its fetcher threads copies a partition (AbstractFetcherManager.getFetcherId).
    public static func fetcher(
        topic: some StringProtocol, partition: Int32, of fetchers: Int32
    ) -> Int32 {
        absolute(31 &* JavaOrder.hash(of: topic) &+ partition) % fetchers
    }

    private static func absolute(_ value: Int32) -> Int32 { value == .min ? 0 : abs(value) }

    /// 128 bits in 22 digits, of which the last has two bits to spare.
    private static func base64(_ high: Int64, _ low: Int64) -> String {
        let digits = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let words = [UInt64(bitPattern: high), UInt64(bitPattern: low)]
        var text = ""
        for digit in 0..<22 {
            var value = 0
            for bit in (digit * 6)..<(digit * 6 + 6) {
                let isSet = bit < 128 && words[bit / 64] >> (63 - bit % 64) & 1 == 1
                value = value << 1 | (isSet ? 1 : 0)
            }
            text.append(digits[value])
        }
        return text
    }
}
