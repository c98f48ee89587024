import Kafka
import Simulation

extension Happening {
    /// What happened, as the end of a sentence that begins with the process's name.
    var words: String {
        switch self {
        case .becameUnattached(let epoch): "knows no leader in epoch \(epoch)"
        case .becameProspective(let epoch): "asks for pre-votes in epoch \(epoch)"
        case .becameCandidate(let epoch): "stands for election in epoch \(epoch)"
        case .becameLeader(let epoch): "leads epoch \(epoch)"
        case .becameFollower(let epoch, let leader):
            "follows \(leader.rawValue) in epoch \(epoch)"
        case .becameResigned(let epoch): "resigns in epoch \(epoch)"
        case .voted(let epoch, let candidate):
            "votes for \(candidate.id.rawValue) in epoch \(epoch)"
        case .appended(let from, let to): "appends offsets \(from)..\(to - 1)"
        case .truncated(let from, let to): "cuts its log from \(from) back to \(to)"
        case .flushed(let end): "has everything before \(end) on disk"
        case .movedHighWatermark(_, let to): "moves its high watermark to \(to)"
        case .wroteSnapshot(let id): "writes a snapshot that ends at \(id.offset)"
        case .loadedSnapshot(let id): "loads a snapshot that ends at \(id.offset)"
        case .cleanedLog(let start): "deletes its log before \(start)"
        case .started: "starts"
        case .crashed: "crashes"
        case .lostPower: "loses power"
        case .lostRecords(let from, let to):
            "finds its log ending at \(to) where it had ended at \(from)"
        case .paused: "is paused"
        case .resumed: "goes on after a pause"
        case .stopped: "stops"
        case .died(let reason): "dies: \(reason.rawValue)"
        case .diskFailed: "halts because its disk is full"
        case .disconnected(let from): "is disconnected from \(from.rawValue)"
        case .requestTimedOut(let to): "gives up a request to \(to.rawValue)"
        case .servedForgottenRequest(let from):
            "carries out a request that \(from.rawValue) had given up"
        case .changedVoters(let count): "has a voter set of \(count)"
        }
    }
}
