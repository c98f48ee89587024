import Kafka
import Kernel
import Simulation

/// What was seen of the real cluster, and in which order: whatever came before something else in
/// one of its runs must be able to come so here. What happened between the same two steps is
/// compared, each thing by the first time that it was seen there.
struct Sights {
    /// A thing that was seen after a step. What numbers it bears that luck decides is left out.
    struct Sight: Hashable, Comparable {
        var step: Int
        var words: String
        /// Records that were acknowledged or read: the file does not tell how such lines
        /// interleave.
        var isRange = false
        /// Whose turn it was with a partition.
        var turn: Turn?

        var partition: Substring? {
            words.split(separator: " ").first { $0.contains("-") && !$0.hasPrefix("starts-") }
        }

        static func < (left: Sight, right: Sight) -> Bool {
            (left.step, left.words) < (right.step, right.words)
        }
    }

    /// A broker begins to lead or to follow a partition, or has the controller change one that it
    /// leads.
    struct Turn: Hashable {
        var broker: String
        var verb: String
    }

    private struct Pair: Hashable {
        var earlier: Int
        var later: Int
    }

    /// The first step that is played.
    private let begin: Int
    private var sights: [Sight] = []
    private var wanted: [Pair] = []
    private var seen: [Bool] = []
    private var allowed: [Bool] = []

    init(_ observation: Observation, begin: Int) {
        self.begin = begin
        var places: [Sight: Int] = [:]
        var pairs: Set<Pair> = []
        for run in observation.runs {
            var order: [Int] = []
            for sight in Self.sights(of: run) {
                let place = places[sight] ?? sights.count
                if place == sights.count {
                    sights.append(sight)
                    places[sight] = place
                }
                guard !order.contains(place) else { continue }
                for earlier in order where isOrdered(sights[earlier], sight) {
                    if pairs.insert(Pair(earlier: earlier, later: place)).inserted {
                        wanted.append(Pair(earlier: earlier, later: place))
                    }
                }
                order.append(place)
            }
        }
        seen = sights.map { _ in false }
        allowed = wanted.map { _ in false }
    }

    /// Whether it means something that one came before the other.
    private func isOrdered(_ earlier: Sight, _ later: Sight) -> Bool {
        guard earlier.step == later.step, !(earlier.isRange && later.isRange) else { return false }
        guard let one = earlier.turn, let other = later.turn else { return true }
        // A broker goes through partitions in the order of a hash table.
        if one == other, earlier.partition != later.partition { return false }
        // What a scenario finds in its cluster was made in the same way before every run of it.
        return earlier.step >= begin || one.broker == other.broker
    }

    /// Takes note of the order in which these things came in a run of ours. Who did a step wrote it
    /// down, and then had his tools do it: what came in between may belong to the step.
    mutating func watch(_ playing: Playing) {
        for isEarly in [false, true] { watch(firstTimes(playing, isEarly: isEarly)) }
    }

    private mutating func watch(_ times: [Int?]) {
        for place in sights.indices where times[place] != nil { seen[place] = true }
        for (place, pair) in wanted.enumerated() where !allowed[place] {
            guard let earlier = times[pair.earlier] else { continue }
            allowed[place] = times[pair.later].map { earlier <= $0 } ?? true
        }
    }

    /// What the real cluster did, and no run of ours. Whether the last records of a leader had come
    /// to one follower and not to another when it died, microseconds decide.
    var missing: [String] {
        sights.indices.filter { !seen[$0] && !sights[$0].words.contains(" truncates ") }.map {
            "\(sights[$0].words) after step \(sights[$0].step)"
        }
    }

    var forbidden: [String] {
        wanted.indices.filter { place in
            !allowed[place] && seen[wanted[place].earlier] && seen[wanted[place].later]
        }.map { place in
            let (earlier, later) = (sights[wanted[place].earlier], sights[wanted[place].later])
            return "\(earlier.words) before \(later.words) after step \(earlier.step)"
        }
    }

    private func firstTimes(_ playing: Playing, isEarly: Bool) -> [Int?] {
        var first: [String: [Int]] = [:]
        for (place, event) in playing.events.enumerated() {
            for words in playing.words(of: event) { first[words, default: []].append(place) }
        }
        return sights.map { sight in
            let start = playing.mark(ofStepBefore: sight.step, isEarly: isEarly)
            let places = first[sight.words]
            // Between which two steps it came is for what they wait for to say.
            return places?.first { $0 >= start } ?? places?.last
        }
    }

    // MARK: What was seen there

    private static func sights(of run: [Observation.Line]) -> [Sight] {
        var step = 0
        var sights: [Sight] = []
        for line in run {
            switch line {
            case .step(let number, _) where number < Observation.firstHiddenStep:
                step = number
            case .saw(let what):
                guard let (words, isRange) = words(of: what) else { continue }
                sights.append(
                    Sight(step: step, words: words, isRange: isRange, turn: turn(of: what)))
            default: break
            }
        }
        return sights
    }

    private static func turn(of what: String) -> Turn? {
        let words = what.words
        guard words.count > 1 else { return nil }
        if words[1] == "changes" {
            return what.value(of: "leader").map { Turn(broker: "broker=\($0)", verb: words[1]) }
        }
        guard words[1].hasPrefix("starts-") else { return nil }
        return Turn(broker: words[0], verb: words[1])
    }

    private static func words(of what: String) -> (String, isRange: Bool)? {
        let words = what.words
        guard words.count > 1 else { return nil }
        switch (words[0], words[1]) {
        case ("controller", "changes"):
            guard let leader = what.value(of: "leader"), let epoch = what.value(of: "epoch"),
                let isr = what.value(of: "isr")
            else { return nil }
            let members = isr.list.compactMap { Int32($0) }.map { NodeID($0) }
            return ("\(words[2]) leader=\(leader) epoch=\(epoch) isr=\(members.words)", false)
        case ("controller", "fences"), ("controller", "unfences"), ("controller", "registers"):
            return ("\(words[1]) \(words[2])", false)
        case ("controller", let lead) where lead.hasPrefix("leader="): return ("controller", false)
        case (let broker, "starts-leading") where broker.hasPrefix("broker="),
            (let broker, "starts-following") where broker.hasPrefix("broker="):
            return ("\(broker) \(words[1]) \(words[2]) \(what.value(of: "epoch") ?? "")", false)
        case (let broker, "wants-isr") where broker.hasPrefix("broker="):
            return ("\(broker) wants-isr \(words[2])", false)
        case (let broker, "truncates") where broker.hasPrefix("broker="):
            return ("\(broker) truncates \(words[2])", false)
        case (let client, "acked"), (let client, "got"): return ("\(client) \(words[1])", true)
        case (let client, "disconnected"):
            return ("\(client) disconnected \(what.value(of: "broker") ?? "")", false)
        case (let client, "failed"): return ("\(client) failed", false)
        case (let client, "resets"): return ("\(client) resets", false)
        default: return nil
        }
    }
}

extension Playing {
    fileprivate func mark(ofStepBefore step: Int, isEarly: Bool) -> Int {
        let done = twin.parts.filter { $0.number <= step && times[$0.number] != nil }
        guard let part = done.last, let time = times[part.number] else { return 0 }
        guard isEarly else { return marks[part.number] ?? 0 }
        let rest = part.isStart ? .seconds(Int64(Twin.startup.low)) : Interval.milliseconds(30)
        let before = done.dropLast().last.flatMap { times[$0.number] } ?? time - rest
        let start = max(time - rest, before)
        return events.firstIndex { $0.at >= start } ?? events.count
    }

    /// An event in the words of the observations.
    fileprivate func words(of event: Event) -> [String] {
        let name = world.name(event.process)
        switch event.happening {
        case .metadata(.partition(let id, let its)):
            let partition = world.name(of: id)
            return [
                "\(partition) leader=\(its.leader.rawValue) epoch=\(its.leaderEpoch) "
                    + "isr=\(its.isr.words)"
            ]
        case .metadata(.fenced(let broker)): return ["fences broker=\(broker.rawValue)"]
        case .metadata(.unfenced(let broker)): return ["unfences broker=\(broker.rawValue)"]
        case .metadata(.registered(let broker, _)): return ["registers broker=\(broker.rawValue)"]
        case .becameLeader: return ["controller"]
        case .broker(.replica(let note)): return words(of: note, of: event.process)
        case .replica(.truncated(let id, _, _)):
            return ["broker=\(number(of: event.process)) truncates \(world.name(of: id))"]
        case .client(.acknowledged): return ["\(name) acked"]
        case .client(.received): return ["\(name) got"]
        case .client(.failed): return ["\(name) failed"]
        case .client(.reset): return ["\(name) resets"]
        case .disconnected(let from): return ["\(name) disconnected \(from.rawValue)"]
        default: return []
        }
    }

    private func words(of note: ReplicaNote, of process: Int) -> [String] {
        let broker = "broker=\(number(of: process))"
        return switch note {
        case .becameLeader(let id, let epoch, _):
            ["\(broker) starts-leading \(world.name(of: id)) \(epoch)"]
        case .becameFollower(let id, _, let epoch):
            ["\(broker) starts-following \(world.name(of: id)) \(epoch)"]
        case .proposedISR(let id, _): ["\(broker) wants-isr \(world.name(of: id))"]
        default: []
        }
    }

    private func number(of process: Int) -> Int32 { plan.configuration.nodes[process].id.rawValue }
}
