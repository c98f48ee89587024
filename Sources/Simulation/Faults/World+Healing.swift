import Kafka
import Kernel

/// How what stands is mended.
extension World {
    /// Whether there was anything to mend.
    mutating func heal(_ healing: Healing) -> Bool {
        switch healing {
        case .resume(let target):
            let paused = processes.indices.filter {
                processes[$0].thread.isPaused && means(target, $0)
            }
            script.standing.removeAll { standing in
                paused.contains { standing.undo == .resume(Int32($0)) }
            }
            for node in paused { resume(node) }
            return !paused.isEmpty
        case .step(let step): return mend { $0.step == Int32(step) }
        case .network: return mend { $0.undo.area == .network }
        case .disks: return mend { $0.undo.area == .disk }
        case .clocks: return mend { $0.undo.area == .clock }
        case .requests: return mend { $0.undo.area == .request }
        case .processes: return mendProcesses()
        case .all:
            let anything = mend { $0.undo.area != .process }
            return mendProcesses() || anything
        }
    }

    /// A fault has lasted as long as it should.
    mutating func endStanding(_ fault: Int) {
        fingerprint.combine(UInt64(fault) << 8 | 6)
        _ = mend { $0.fault == Int32(fault) }
    }

    private mutating func mendProcesses() -> Bool {
        let anything = mend { $0.undo.area == .process }
        // Clients that have ended in order stay so.
        let down = processes.indices.filter {
            !processes[$0].thread.isUp && processes[$0].life > 0 && !hasEnded($0)
        }
        for node in down { start(node) }
        return anything || !down.isEmpty
    }

    private mutating func mend(_ isMeant: (Script.Standing) -> Bool) -> Bool {
        let mended = script.standing.filter(isMeant)
        if mended.isEmpty { return false }
        script.standing.removeAll(where: isMeant)
        note(mended)
        for standing in mended { undo(standing.undo) }
        return true
    }

    private mutating func undo(_ undo: Script.Undo) {
        switch undo {
        case .mend(let from, let to):
            schedule(network.mend(from: HostID(from), to: HostID(to), at: now, &turn.choices))
            buryDead()
        case .unclog(let from, let to, let by):
            let slow = network.slowness(from: HostID(from), to: HostID(to)) - by
            network.slow(from: HostID(from), to: HostID(to), by: slow)
        case .speedUp(let node, let by): slowDisk(Int(node), by: Interval.zero - by)
        case .empty(let node): processes[Int(node)].disk.isFull = false
        case .mendDirectory(let node, let number): mendDirectory(number, Int(node))
        case .tellTheTruth(let node): processes[Int(node)].disk.lies = false
        case .turnBack(let node, let by): moveClock(Int(node), by: Interval.zero - by)
        case .resume(let node): resume(Int(node))
        case .restart(let node): start(Int(node))
        case .leaveAlone(let fault): script.requestFaults.removeAll { $0.fault == fault }
        case .letGo(_, let hold): letGo(hold)
        }
    }
}

extension Script.Undo {
    enum Area: Hashable, Sendable {
        case network, disk, clock, request, process
    }

    var area: Area {
        switch self {
        case .mend, .unclog: .network
        case .speedUp, .empty, .mendDirectory, .tellTheTruth: .disk
        case .turnBack: .clock
        case .leaveAlone, .letGo: .request
        case .resume, .restart: .process
        }
    }
}
