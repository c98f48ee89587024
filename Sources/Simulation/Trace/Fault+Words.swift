import Kafka
import Kernel

extension RequestFault.API {
    var words: String {
        switch self {
        case .quorum(let api): api.rawValue
        case .cluster(let api): api.spokenName
        }
    }
}

extension RequestFault {
    /// `Produce requests of orders-0 never arrive: the next 3`
    var words: String {
        let subject = (api?.words).map { "\($0) requests" } ?? "requests"
        let fate =
            switch action {
            case .drop: "never arrive"
            case .delay(let interval): "arrive \(interval) later"
            case .loseReply: "are carried out, and their answers get lost"
            case .fail(let error): "are answered \(error.name)"
            }
        let which =
            switch (first, count) {
            case (1, nil): "all from now on"
            case (1, 1?): "the next one"
            case (1, let count?): "the next \(count)"
            case (let first, nil): "all from number \(first) on"
            case (let first, 1?): "number \(first)"
            case (let first, let count?): "\(count) from number \(first) on"
            }
        return subject + (about.map { " of \($0.words)" } ?? "") + " \(fate): \(which)"
    }
}

extension TopicPartitions {
    /// `orders`, `orders-0`, `orders-0,1`
    var words: String {
        topic + (partitions.map { "-" + $0.map(String.init).joined(separator: ",") } ?? "")
    }
}

extension ConfigResource {
    /// As a step names it: `topic orders`, `broker 2`, `brokers`.
    var words: String {
        switch self {
        case .cluster: "brokers"
        case .broker(let broker): "broker \(broker.rawValue)"
        case .topic(let name): "topic \(name)"
        case .group(let name): "group \(name)"
        }
    }
}

extension Healing {
    var words: String {
        switch self {
        case .all: "everything"
        case .network: "the network"
        case .disks: "the disks"
        case .clocks: "the clocks"
        case .requests: "requests"
        case .processes: "the processes"
        case .resume: "the paused"
        case .step(let step): "what step \(step + 1) did"
        }
    }
}
