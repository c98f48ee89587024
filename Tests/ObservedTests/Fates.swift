import Kafka
import Kernel
import Simulation

/// What became of the records of one producer.
struct Fates {
    struct Acknowledgement {
        var at: Instant
        var ticket: Int64
        var partition: TopicPartition
        var offset: Int64?
    }

    var acknowledged: [Acknowledgement] = []
    var failed: [(at: Instant, ticket: Int64, error: String)] = []
    /// Where records lie at the end, by their numbers; ascending.
    var places: [Int64: [(partition: TopicPartition, offset: Int64)]] = [:]
    var isReordered = false

    init(of producer: String, in playing: Playing) {
        let partitions = playing.partitions
        var names: [TopicIDPartition: TopicPartition] = [:]
        for partition in partitions {
            if let id = playing.world.identity(of: partition) { names[id] = partition }
        }
        var refusal: (at: Instant, error: KafkaError)?
        for event in playing.events where playing.world.name(event.process) == producer {
            if case .requestTimedOut = event.happening { refusal = (event.at, .requestTimedOut) }
            guard case .client(let note) = event.happening else { continue }
            switch note {
            case .refused(_, let error): refusal = (event.at, error)
            case .acknowledged(let tickets, let id, let base, _):
                guard let name = names[id] else { continue }
                for (place, ticket) in tickets.enumerated() {
                    acknowledged.append(
                        Acknowledgement(
                            at: event.at, ticket: ticket.rawValue, partition: name,
                            offset: base.map { $0 + Int64(place) }))
                }
            case .failed(let tickets, let error):
                let said = refusal?.at == event.at ? refusal?.error : nil
                // Nobody has refused them: the producer itself has given them up.
                let isOverdue = error.kind == .code(.requestTimedOut) && said != .requestTimedOut
                let words = isOverdue ? "DELIVERY_TIMEOUT" : error.kind.name
                failed += tickets.map { (event.at, $0.rawValue, words) }
            default: break
            }
        }
        for partition in partitions {
            var highest: Int64 = -1
            for entry in playing.log(of: partition) where entry.producer == producer {
                if places[entry.ticket] == nil {
                    if entry.ticket < highest { isReordered = true }
                    highest = max(highest, entry.ticket)
                }
                places[entry.ticket, default: []].append((partition, entry.offset))
            }
        }
    }

    var lost: Int { acknowledged.count { places[$0.ticket] == nil } }

    var duplicated: Int { places.values.count { $0.count > 1 } }

    var failedYetPresent: Int { failed.count { places[$0.ticket] != nil } }

    /// Records that lie, for the first time, elsewhere than their producer was told.
    var elsewhere: Int {
        acknowledged.count { acknowledgement in
            guard let first = places[acknowledgement.ticket]?.first,
                let offset = acknowledgement.offset
            else { return false }
            return first.offset != offset || first.partition != acknowledgement.partition
        }
    }

    var areInOrder: Bool {
        var highest: [TopicPartition: Int64] = [:]
        for one in acknowledged {
            if one.ticket < highest[one.partition] ?? -1 { return false }
            highest[one.partition] = one.ticket
        }
        return true
    }
}
