import Kafka
import Kernel
import Simulation

/// Facts about controllers and about what went on while something was wrong.
extension Facts {
    func controllerValue(of name: String) -> String? {
        switch name {
        case "new-controller-differs":
            return successor.map { String($0.process != old?.process) }
        case "old-controller-does-not-lead-at-once":
            return playing.time(of: "start controller").map { start in
                String(!leads(old?.process, from: start, to: start + .seconds(5)))
            }
        case "old-controller-leads-again":
            return playing.time(of: "resume controller").map { start in
                String(leads(old?.process, from: start, to: .never))
            }
        case "quorum-epoch-steps":
            guard let old, let successor else { return nil }
            return String(successor.epoch - old.epoch)
        case "quorum-epochs-meanwhile", "quorum-epochs-in-20-seconds-or-more":
            return meanwhile.map { String(leaders(in: $0).count) }
        case "controller-resigned": return meanwhile.map { String(resignations(in: $0) > 0) }
        case "controller-resigns-again-and-again":
            return meanwhile.map { String(resignations(in: $0) > 1) }
        case "resign-lines": return meanwhile.map { String(resignations(in: $0)) }
        case "not-in-the-topics-map-in-controller-logs":
            return meanwhile.map { String(faults(in: $0) > 0) }
        case "not-in-the-topics-map-lines": return meanwhile.map { String(faults(in: $0)) }
        default: return failover(name) ?? brokerValue(of: name)
        }
    }

    // MARK: Who led

    private var lead: [(index: Int, process: Int, epoch: Int32)] {
        playing.events.enumerated().compactMap { index, event in
            guard case .becameLeader(let epoch) = event.happening else { return nil }
            return (index, event.process, epoch)
        }
    }

    private var trouble: Int? {
        playing.mark(of: "kill controller") ?? playing.mark(of: "pause controller")
    }

    /// Who led when a controller was killed or paused, and who was the next to lead.
    private var old: (index: Int, process: Int, epoch: Int32)? {
        trouble.flatMap { mark in lead.last { $0.index < mark } }
    }

    private var successor: (index: Int, process: Int, epoch: Int32)? {
        trouble.flatMap { mark in lead.first { $0.index >= mark } }
    }

    private func leads(_ process: Int?, from: Instant, to: Instant) -> Bool {
        playing.events.contains { event in
            guard case .becameLeader = event.happening else { return false }
            return event.process == process && event.at >= from && event.at < to
        }
    }

    private func leaders(in range: Range<Int>) -> [Int32] {
        lead.filter { range.contains($0.index) }.map(\.epoch)
    }

    private func resignations(in range: Range<Int>) -> Int {
        playing.events[range].count {
            if case .becameResigned = $0.happening { true } else { false }
        }
    }

    private func faults(in range: Range<Int>) -> Int {
        playing.events[range].count {
            if case .controllerFault = $0.happening { true } else { false }
        }
    }

    // MARK: Meanwhile

    private static let upheavals = ["kill ", "start ", "pause ", "resume ", "shutdown "]

    /// From the last step that stopped or started a process before the last records were ordered,
    /// to the next such step.
    var meanwhile: Range<Int>? {
        let parts = playing.twin.parts
        guard let send = parts.lastIndex(where: { $0.sender != nil }) else { return nil }
        let isUpheaval = { (part: Twin.Part) in
            Self.upheavals.contains { part.text.hasPrefix($0) }
        }
        let last = parts[..<send].last(where: isUpheaval)
        guard let start = last.flatMap({ playing.marks[$0.number] }) else { return nil }
        let end = parts[send...].first(where: isUpheaval).flatMap { playing.marks[$0.number] }
        return start..<(end ?? playing.events.count)
    }

    /// `failover-within-40-seconds`, perhaps `-of-the-repair`, which is what was set last.
    private func failover(_ name: String) -> String? {
        guard name.hasPrefix("failover-within-"), let id = playing.world.identity(of: first),
            let limit = name.split(separator: "-").lazy.compactMap({ Int64($0) }).first
        else { return nil }
        let verb = name.hasSuffix("-of-the-repair") ? "set " : "kill "
        guard let step = playing.twin.parts.last(where: { $0.text.hasPrefix(verb) }),
            let begin = playing.times[step.number], let mark = playing.marks[step.number]
        else { return nil }
        let before = playing.state(of: first, before: mark)?.leader
        let parts = playing.twin.parts
        let next = parts.first { part in
            part.number > step.number && Self.upheavals.contains { part.text.hasPrefix($0) }
        }
        let end = min(
            begin + .seconds(limit), next.flatMap { playing.times[$0.number] } ?? .never)
        return String(
            playing.events.contains { event in
                guard case .metadata(.partition(id, let its)) = event.happening else {
                    return false
                }
                return its.leader != before && event.at > begin && event.at < end
            })
    }

    // MARK: Brokers

    /// `broker-3=unfenced`, `broker-2-registers=false`: before it was killed or started again.
    private func brokerValue(of name: String) -> String? {
        if name.hasPrefix("quiet-while-broker-"), name.hasSuffix("-is-down") {
            return down(broker(in: name)).map { String(faults(in: $0) == 0) }
        }
        if name == "registers-with-a-clean-shutdown-file" {
            guard let broker = markedBroker,
                let start = playing.marks(of: "start broker=\(broker)").last
            else { return nil }
            return String(registers(broker, in: start..<playing.events.count))
        }
        guard name.hasPrefix("broker-"), let broker = broker(in: name) else { return nil }
        if name.hasSuffix("-still-has-the-directory") {
            return String(playing.world.log(of: first, on: NodeID(broker)) != nil)
        }
        if name.hasSuffix("-registers") {
            guard let start = playing.mark(of: "start broker=\(broker)") else { return nil }
            let end = playing.marks(of: "kill broker=\(broker)").first { $0 > start }
            return String(registers(broker, in: start..<(end ?? playing.events.count)))
        }
        guard name == "broker-\(broker)" else { return nil }
        let end = playing.mark(of: "start broker=\(broker)") ?? playing.events.count
        return isFenced(broker, before: end) ? "fenced" : "unfenced"
    }

    private func broker(in name: String) -> Int32? {
        name.split(separator: "-").lazy.compactMap { Int32($0) }.first
    }

    private var markedBroker: Int32? {
        playing.twin.parts.first { $0.text.hasPrefix("give ") }?.text.value(of: "broker")
            .flatMap { Int32($0) }
    }

    /// From when it was killed for the last time until it was started again. What was under way
    /// then is not meant.
    private func down(_ broker: Int32?) -> Range<Int>? {
        guard let broker, let kill = playing.marks(of: "kill broker=\(broker)").last else {
            return nil
        }
        let start = playing.marks(of: "start broker=\(broker)").first { $0 > kill }
        let settled = playing.mark(at: playing.events[kill].at + .seconds(3))
        let end = start ?? playing.events.count
        return min(settled, end)..<end
    }

    private func registers(_ broker: Int32, in range: Range<Int>) -> Bool {
        playing.events[range].contains {
            if case .metadata(.registered(NodeID(broker), _)) = $0.happening { true } else { false }
        }
    }

    func isFenced(_ broker: Int32, before mark: Int) -> Bool {
        var isFenced = false
        for event in playing.events[..<mark] {
            if event.happening == .metadata(.fenced(NodeID(broker))) { isFenced = true }
            if event.happening == .metadata(.unfenced(NodeID(broker))) { isFenced = false }
        }
        return isFenced
    }
}
