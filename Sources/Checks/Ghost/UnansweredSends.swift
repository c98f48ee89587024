import Kafka
import Kernel

/// What producers with acks=0 take for written: nobody has told them where, so that these records
/// are known by their numbers alone.
struct UnansweredSends: Sendable {
    struct Send: Sendable {
        var number: Int64
        /// The producer's process.
        var client: Int
        var at: Instant
    }

    private(set) var sends: [Send] = []

    mutating func tell(_ tickets: [SendTicket], to client: Int, at now: Instant) {
        for ticket in tickets {
            sends.append(Send(number: ticket.rawValue, client: client, at: now))
        }
    }

    /// Those that are not among the records that a log holds, given by their numbers. Two producers
    /// use the same numbers: a number must be there as often as it was sent.
    func missing(among numbers: [Int64]) -> [Send] {
        let had = numbers.sorted()
        var next = 0
        var missing: [Send] = []
        for send in sends.sorted(by: { ($0.number, $0.client) < ($1.number, $1.client) }) {
            while next < had.count, had[next] < send.number { next += 1 }
            if next < had.count, had[next] == send.number {
                next += 1
            } else {
                missing.append(send)
            }
        }
        return missing
    }
}
