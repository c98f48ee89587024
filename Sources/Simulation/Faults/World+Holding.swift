import Kafka
import Kernel

/// A broker has many threads, and one of them may stop for long where it lets go of a lock. Here it
/// is one fetch of a follower that stops, and the broker goes on with everything else.
extension World {
    mutating func hold(_ process: Int, at point: YieldPoints, fault: Int32, step: Int32) {
        script.holds.append(
            Script.Hold(fault: fault, step: step, process: process, point: point))
        interrupt(process)
    }

    /// Whether somebody wants the thread that has come to this point to stay there.
    mutating func isHeld(_ id: SuspensionID, at point: YieldPoints, _ lane: Int) -> Bool {
        let process = lanes[lane].process
        let place = script.holds.firstIndex {
            $0.process == process && $0.point == point && $0.stopped == nil
        }
        guard let place else { return false }
        let step = Int(script.holds[place].step)
        if step >= 0 { script.steps[step].hasFired = true }
        script.holds[place].stopped = (id, life: processes[process].life)
        note(.struck("has a thread held before it \(point.words)"), process)
        return true
    }

    /// What was held in an earlier life of the process is gone with it.
    mutating func letGo(_ fault: Int32) {
        for hold in script.holds where hold.fault == fault {
            script.holds.removeAll { $0.fault == fault && $0.process == hold.process }
            interrupt(hold.process)
            guard let (id, life) = hold.stopped, life == processes[hold.process].life,
                let lane = seating.brokerLane(in: hold.process)
            else { continue }
            hand(.resume(id), toLane: lane)
        }
    }

    /// Where threads of the broker stop now, if only to go on at once.
    private mutating func interrupt(_ process: Int) {
        guard processes[process].thread.isUp, let lane = seating.brokerLane(in: process),
            case .broker(let place) = lanes[lane].seat
        else { return }
        var points: YieldPoints = []
        for hold in script.holds where hold.process == process { points.formUnion(hold.point) }
        receive(.interrupt(at: points), broker: place, lane)
    }
}

extension YieldPoints {
    /// What the thread is about to do there.
    var words: String {
        switch self {
        case .beforeFollowerUpdate: "notes what a follower has"
        case .beforeExpansion: "proposes a larger ISR"
        default: "goes on"
        }
    }
}
