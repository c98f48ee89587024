import Kafka
import Kernel

/// A producer and the program around it, which has one thread: it sends what it was ordered to, one
/// order after the other, and waits while a call of `send` blocks.
struct ProducerSeat: Sendable {
    /// What is left of an order.
    struct Job: Sendable {
        var order: SendOrder
        var sent: Int64 = 0
        /// On the process's clock: when it goes on.
        var nextAt: Instant

        var isDone: Bool { order.records.map { sent >= $0 } ?? false }
    }

    let configuration: ProducerConfiguration
    let actor: ActorID
    var producer: Producer
    var wire = ProducerWire()
    /// Jobs of several orders run side by side, as if each had a thread of its own.
    var jobs: [Job] = []
    /// The call of `send` that blocks, and when it gives up.
    var blocked: (ticket: SendTicket, until: Instant)?
    /// The number of the next record.
    var nextTicket: Int64 = 0
    /// Records whose fate is not known.
    var unanswered: Int64 = 0
    /// The sender's next turn.
    var turnAt = Instant.never
    /// On the process's clock.
    @inline(__always) var wakeAt: Instant {
        if let blocked { return min(turnAt, blocked.until) }
        return jobs.reduce(turnAt) { min($0, $1.nextAt) }
    }

    init(_ configuration: ProducerConfiguration, actor: ActorID) {
        self.configuration = configuration
        self.actor = actor
        producer = Producer(Self.settings(configuration.settings), actor: actor)
    }

    /// Kafka adds luck to every wait, so that dialling again and asking for metadata do not fall
    /// together time after time; here dialling is the one that takes a little longer.
    private static func settings(_ settings: ProducerSettings) -> ProducerSettings {
        var settings = settings
        settings.reconnectBackoff.max = settings.reconnectBackoff.max + .milliseconds(10)
        return settings
    }

    /// A new life of the program: it knows nothing of the one before, but goes on counting.
    mutating func begin(at now: Instant) {
        producer = Producer(Self.settings(configuration.settings), actor: actor)
        wire = ProducerWire()
        blocked = nil
        turnAt = .never
        unanswered = 0
        if jobs.isEmpty, nextTicket == 0 {
            jobs = configuration.orders.map { Job(order: $0, nextAt: now) }
        }
        for place in jobs.indices { jobs[place].nextAt = max(jobs[place].nextAt, now) }
    }

    /// A request as it goes over the wire. Nil: no broker here understands it.
    mutating func encode(_ request: ProducerRequest, in process: Int) -> ClusterRequest? {
        wire.encode(request, of: producer, in: Int32(process)).map { .broker($0) }
    }

    mutating func decode(_ reply: BrokerReply) -> ProducerAnswer? {
        wire.decode(reply, of: producer)
    }

    mutating func id(of partition: PartitionRef) -> TopicIDPartition {
        wire.id(of: partition, producer.metadata)
    }

    /// What the next record of a job is.
    mutating func nextRecord(of place: Int, at now: Instant) -> (Record, SendTicket) {
        let index = Int(jobs[place].sent)
        let keys = jobs[place].order.keys
        let key = keys.isEmpty ? nil : keys[index % keys.count]
        let value: Payload?
        if jobs[place].order.values.isEmpty {
            let width = max(jobs[place].order.valueSize, digits(of: nextTicket))
            value = .number(nextTicket, width: width)
        } else {
            let values = jobs[place].order.values
            value = values[index % values.count].map { .bytes(Array($0.utf8)) }
        }
        let record = Record(
            timestamp: now.nanoseconds / 1_000_000, key: key.map { .bytes(Array($0.utf8)) },
            value: value)
        let ticket = SendTicket(nextTicket)
        nextTicket += 1
        jobs[place].sent += 1
        unanswered += 1
        return (record, ticket)
    }

    private func digits(of number: Int64) -> Int32 {
        var digits: Int32 = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return digits
    }
}
