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
