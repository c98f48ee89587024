import Kafka
import Kernel

extension Fault {
    /// What it is, as it stands in the trace before the names of those that it strikes.
    public var words: String {
        switch self {
        case .crash: "crash"
        case .losePower: "power loss of"
        case .restart: "restart"
        case .pause: "pause"
        case .shutDown: "shut down"
        case .skewClock(_, let ahead): "clock ahead by \(ahead) on"
        case .jumpClock(_, let by): "clock jumps by \(by) on"
        case .move: "new address for"
        case .cut(_, _, let direction, let fate): "cut \(direction.rawValue) \(fate.rawValue)"
        case .reset: "reset connections of"
        case .silence: "silence connections of"
        case .clog(_, _, let by): "clog by \(by)"
        case .swizzle(_, let by, _): "swizzle by \(by)"
        case .slowDisk(_, let by): "disk slow by \(by) on"
        case .fillDisk: "disk full on"
        case .lieAboutFlushes: "disk lies on"
        case .flipBit: "bit flips on"
        case .wipeDisk: "wipe disk of"
        case .replaceDisk: "replace disk of"
        case .hold(_, let point): "hold a thread before it \(point.words) on"
        case .disturb(let fault): "disturb requests: \(fault.action.words)"
        }
    }
}

extension RequestFault.Action {
    var words: String {
        switch self {
        case .drop: "is dropped"
        case .delay(let interval): "is late by \(interval)"
        case .loseReply: "loses its reply"
        case .fail(let error): "fails: \(error.name)"
        }
    }
}

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
