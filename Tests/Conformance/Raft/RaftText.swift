import Kafka
import Kernel

/// How the raft files write what Raft speaks of.
enum RaftText {
    // MARK: Reading

    /// `3:D3b`, or `3` without directory.
    static func key(_ text: Substring) throws -> ReplicaKey {
        let (id, directory) = VectorText.halves(text, at: ":")
        return ReplicaKey(try node(id), try directory.map(Self.directory) ?? .unknown)
    }

    static func node(_ text: Substring) throws -> NodeID {
        NodeID(try VectorText.int(text, as: Int32.self))
    }

    /// `D3` is the first disk of node 3, `D3b` its second.
    static func directory(_ text: Substring) throws -> DirectoryID {
        let (number, letter) = try lettered(text.dropFirst())
        return DirectoryID(UInt64(number) << 8 | UInt64(letter + 1))
    }

    /// `3` is where node 3 listens first, `3b` where it listens after it has moved.
    static func endpoint(_ text: Substring) throws -> Endpoint {
        let (number, letter) = try lettered(text)
        return Endpoint(host: NodeID(number), port: letter)
    }

    /// `3b` is (3, 1).
    private static func lettered(_ text: Substring) throws -> (number: Int32, letter: Int32) {
        let a = UInt8(ascii: "a")
        guard let last = text.utf8.last, last > a else {
            return (try VectorText.int(text), 0)
        }
        return (try VectorText.int(text.dropLast()), Int32(last - a))
    }

    /// `3:D3@3b`: a voter that listens at 3b instead of 3.
    static func voter(_ text: Substring) throws -> VoterSet.Voter {
        let (left, right) = VectorText.halves(text, at: "@")
        let key = try key(left)
        return VoterSet.Voter(
            key: key, endpoint: try right.map(endpoint) ?? Endpoint(host: key.id))
    }

    /// `12@4`
    static func position(_ text: Substring) throws -> OffsetAndEpoch {
        let (offset, epoch) = VectorText.halves(text, at: "@")
        return OffsetAndEpoch(
            try VectorText.int(offset), try VectorText.int(epoch ?? ""))
    }

    /// `0..2@1`: a batch of data, first and last offset and epoch.
    static func batch(_ text: Substring) throws -> RaftBatch {
        let (offsets, epoch) = VectorText.halves(text, at: "@")
        let (first, last) = VectorText.halves(offsets, at: ".")
        let base = try VectorText.int(first, as: Int64.self)
        let end = try VectorText.int(last?.dropFirst() ?? "", as: Int64.self)
        return RaftBatch(
            baseOffset: base, count: Int32(end - base + 1),
            epoch: try VectorText.int(epoch ?? ""), sizeInBytes: 100,
            content: .data(firstItem: base))
    }

    // MARK: Writing

    static func text(_ key: ReplicaKey) -> String {
        key.directory == .unknown
            ? "\(key.id.rawValue)" : "\(key.id.rawValue):\(text(key.directory))"
    }

    static func text(_ directory: DirectoryID) -> String {
        "D\(directory.rawValue >> 8)\(letter(Int32(directory.rawValue & 0xff) - 1))"
    }

    static func text(_ endpoint: Endpoint) -> String {
        "\(endpoint.host.rawValue)\(letter(endpoint.port))"
    }

    private static func letter(_ number: Int32) -> String {
        number <= 0 ? "" : String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number)))
    }

    static func text(_ voter: VoterSet.Voter) -> String {
        voter.endpoint == Endpoint(host: voter.key.id)
            ? text(voter.key) : "\(text(voter.key))@\(text(voter.endpoint))"
    }

    static func text(_ position: OffsetAndEpoch) -> String {
        "\(position.offset)@\(position.epoch)"
    }

    /// `-` stands for none.
    static func orNone(_ value: (some CustomStringConvertible)?) -> String {
        value.map { "\($0)" } ?? "-"
    }

    /// Whole milliseconds left on a timer.
    static func left(until deadline: Instant, _ now: Instant) -> String {
        deadline == .never ? "never" : "\(max(0, (deadline - now).wholeMilliseconds))"
    }

    static func list(_ elements: some Sequence<String>) -> String {
        "[\(elements.joined(separator: ","))]"
    }
}
