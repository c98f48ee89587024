import Kafka
import Kernel

/// How faults are done.
extension World {
    /// Whether there was anybody for the fault to strike.
    mutating func apply(_ fault: Fault, lasting: Interval?, by step: Int32) -> Bool {
        script.faultCount += 1
        let number = script.faultCount
        let standing = script.standing.count
        var struck: [Int] = []
        switch fault {
        case .disturb(let what):
            script.requestFaults.append(Script.Disturbance(fault: number, step: step, what: what))
            stand(.leaveAlone(requestFault: number), number, step)
            trace { _ in what.words }
        default:
            guard let target = fault.target else { return false }
            struck = resolve(target, by: step)
            if struck.isEmpty { return false }
            script.lastTargets = struck
            let others = fault.from.map { resolve($0, by: step) }
                ?? processes.indices.filter { !struck.contains($0) }
            note(fault, struck, from: others)
            strikeLinks(fault, struck, others, number, step)
            for node in struck { strike(fault, node, number, step) }
        }
        if let lasting, script.standing.count > standing {
            queue.schedule(.heal(number), at: now + lasting)
        }
        return true
    }

    private mutating func stand(_ undo: Script.Undo, _ fault: Int32, _ step: Int32) {
        script.standing.append(Script.Standing(fault: fault, step: step, undo: undo))
    }

    // MARK: Processes and disks

    private mutating func strike(_ fault: Fault, _ node: Int, _ number: Int32, _ step: Int32) {
        let place = Int32(node)
        if node >= nodes.count, fault.needsNode { return }
        switch fault {
        case .crash:
            crash(node)
            stand(.restart(place), number, step)
        case .losePower:
            losePower(node)
            stand(.restart(place), number, step)
        case .restart: restart(node)
        case .pause:
            pause(node)
            stand(.resume(place), number, step)
        case .shutDown:
            shutDown(node)
            stand(.restart(place), number, step)
        case .skewClock(_, let ahead):
            let by = ahead - processes[node].clockAhead
            moveClock(node, by: by)
            stand(.turnBack(place, by: by), number, step)
        case .jumpClock(_, let by):
            moveClock(node, by: by)
            stand(.turnBack(place, by: by), number, step)
        case .move:
            crash(node)
            processes[node].port += 1
            start(node)
        case .slowDisk(_, let by):
            slowDisk(node, by: by)
            stand(.speedUp(place, by: by), number, step)
        case .fillDisk:
            processes[node].disk.isFull = true
            stand(.empty(place), number, step)
        case .failDirectory(_, let directory):
            if failDirectory(directory, node) {
                stand(.mendDirectory(place, directory), number, step)
            }
        case .lieAboutFlushes:
            processes[node].disk.lies = true
            stand(.tellTheTruth(place), number, step)
        case .flipBit(_, let where_): flipBit(where_, node)
        case .wipeDisk, .replaceDisk:
            crash(node)
            if case .replaceDisk = fault { script.disksReplaced += 1 }
            let isNew = if case .replaceDisk = fault { true } else { false }
            let first = configuration.directory(of: node).rawValue
            let directory = isNew
                ? DirectoryID(first + script.disksReplaced) : nodes[node].storage.directory
            wipe(node, directory: directory)
            stand(.restart(place), number, step)
        case .hold(_, let point):
            hold(node, at: point, fault: number, step: step)
            stand(.letGo(place, hold: number), number, step)
        case .cut, .reset, .silence, .clog, .swizzle, .disturb: break
        }
    }

    /// A broker hands over what it leads, and a client ends what it has begun; a controller alone
    /// resigns.
    private mutating func shutDown(_ node: Int) {
        guard processes[node].thread.isUp else { return }
        if node >= nodes.count {
            _ = tellClient(.close, node)
        } else if let lane = seating.brokerLane(in: node) {
            hand(.shutDown, toLane: lane)
        } else {
            command(.shutdown(timeout: configuration.raft.requestTimeout), node)
        }
    }

    private mutating func crash(_ node: Int) {
        guard processes[node].thread.isUp else { return }
        note(.crashed, node)
        kill(node)
    }

    private mutating func restart(_ node: Int) {
        script.standing.removeAll { $0.undo == .restart(Int32(node)) }
        start(node)
    }

    private mutating func flipBit(_ place: Fault.BitPlace, _ node: Int) {
        let actor = processes[node].actor
        let within: Int64 = place == .tail ? 100 : .max
        let byte = processes[node].disk.placeOfBitFlip(
            .log, within: within, by: actor, &turn.choices)
        guard let byte else { return }
        processes[node].rottenByte = min(byte, processes[node].rottenByte ?? byte)
    }

    // MARK: Links

    private mutating func strikeLinks(
        _ fault: Fault, _ struck: [Int], _ others: [Int], _ number: Int32, _ step: Int32
    ) {
        switch fault {
        case .cut(_, _, let direction, let fate):
            for (one, other) in pairs(struck, others) {
                if direction != .incoming { cut(one, other, number, step) }
                if direction != .outgoing { cut(other, one, number, step) }
                if fate == .die { reset(one, other) }
            }
        case .reset: for (one, other) in pairs(struck, others) { reset(one, other) }
        case .silence:
            for (one, other) in pairs(struck, others) {
                network.silence(HostID(Int32(one)), HostID(Int32(other)))
            }
        case .clog(_, _, let by):
            for (one, other) in pairs(struck, others) {
                clog(one, other, by, number, step)
                clog(other, one, by, number, step)
            }
        case .swizzle(_, let by, let within): swizzle(struck, by, within, step)
        default: break
        }
    }

    /// Each pair once, nobody with himself.
    private func pairs(_ these: [Int], _ those: [Int]) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for one in these {
            for other in those where one != other {
                if these.contains(other), those.contains(one), other < one { continue }
                pairs.append((one, other))
            }
        }
        return pairs
    }

    private mutating func cut(_ from: Int, _ to: Int, _ number: Int32, _ step: Int32) {
        network.cut(from: HostID(Int32(from)), to: HostID(Int32(to)), at: now)
        stand(.mend(from: Int32(from), to: Int32(to)), number, step)
    }

    private mutating func clog(
        _ from: Int, _ to: Int, _ by: Interval, _ number: Int32, _ step: Int32
    ) {
        let (one, other) = (HostID(Int32(from)), HostID(Int32(to)))
        network.slow(from: one, to: other, by: network.slowness(from: one, to: other) + by)
        stand(.unclog(from: Int32(from), to: Int32(to), by: by), number, step)
    }

    private mutating func reset(_ one: Int, _ other: Int) {
        let breaks = network.reset(HostID(Int32(one)), HostID(Int32(other)))
        buryDead()
        for its in breaks { broke(its.connection, at: Int(its.host.rawValue)) }
    }

    /// Each struck process is clogged at a moment of its own and for a time of its own.
    private mutating func swizzle(
        _ struck: [Int], _ by: Interval, _ within: Interval, _ step: Int32
    ) {
        let half = UInt64(max(1, within.nanoseconds / 2))
        let actor = ActorID(0x3000_0000 | UInt32(step + 1))
        for node in struck {
            let begin = Int64(turn.choices.draw(actor, .swizzle, below: half))
            let end = Int64(half) + Int64(turn.choices.draw(actor, .swizzle, below: half))
            let target: Target =
                node < nodes.count
                ? .node(configuration.nodes[node].id) : .client(configuration.name(of: node))
            let fault = Fault.clog(target, from: nil, by: by)
            script.delayed.append(
                Script.Delayed(
                    fault: fault, lasting: Interval(nanoseconds: end - begin), step: step))
            queue.schedule(
                .delayed(Int32(script.delayed.count - 1)),
                at: now + Interval(nanoseconds: begin))
        }
    }

    mutating func applyDelayed(_ place: Int) {
        let delayed = script.delayed[place]
        _ = apply(delayed.fault, lasting: delayed.lasting, by: delayed.step)
    }
}

extension Fault {
    /// At whom it is aimed.
    var target: Target? {
        switch self {
        case .crash(let target), .losePower(let target), .restart(let target),
            .pause(let target), .shutDown(let target), .skewClock(let target, _),
            .jumpClock(let target, _), .move(let target), .cut(let target, _, _, _),
            .reset(let target, _), .silence(let target, _), .clog(let target, _, _),
            .swizzle(let target, _, _), .slowDisk(let target, _), .fillDisk(let target),
            .failDirectory(let target, _), .lieAboutFlushes(let target),
            .flipBit(let target, _), .wipeDisk(let target), .replaceDisk(let target),
            .hold(let target, _):
            target
        case .disturb: nil
        }
    }

    /// Whether it strikes what only nodes have: clients have no disk and no address.
    var needsNode: Bool {
        switch self {
        case .move, .slowDisk, .fillDisk, .failDirectory, .lieAboutFlushes, .flipBit, .wipeDisk,
            .replaceDisk, .hold:
            true
        default: false
        }
    }

    /// The other end of the links that it is about; nil: everybody else.
    var from: Target? {
        switch self {
        case .cut(_, let from, _, _), .reset(_, let from), .silence(_, let from),
            .clog(_, let from, _):
            from
        default: nil
        }
    }
}

extension Purpose {
    /// When each link of a swizzle is clogged, and when it is free again.
    static let swizzle = Purpose(code: 0x0303)
}
