import Kafka

/// What has befallen one client since the run began, over all its lives.
public struct ClientTally: Hashable, Sendable {
    public enum Count: String, CaseIterable, Hashable, Sendable {
        /// Records that a producer was told are written.
        case acknowledged
        /// Records that a producer has given up.
        case failed
        /// Answers to a producer that carried an error for a partition.
        case refused
        /// Records that a consumer's program was given.
        case received
        /// Calls of the program that threw.
        case thrown
        /// How often the client's own thread went round.
        case turns
    }

    public var acknowledged: Int64 = 0
    public var failed: Int64 = 0
    public var refused: Int64 = 0
    public var received: Int64 = 0
    public var thrown: Int64 = 0
    public var turns: Int64 = 0

    public subscript(count: Count) -> Int64 {
        switch count {
        case .acknowledged: acknowledged
        case .failed: failed
        case .refused: refused
        case .received: received
        case .thrown: thrown
        case .turns: turns
        }
    }

    mutating func add(_ note: ClientNote) {
        switch note {
        case .acknowledged(let tickets, _, _, _): acknowledged += Int64(tickets.count)
        case .failed(let tickets, _): failed += Int64(tickets.count)
        case .refused: refused += 1
        case .received(_, let from, let to): received += to - from + 1
        case .threw: thrown += 1
        case .reset, .lookedUp: break
        }
    }
}
