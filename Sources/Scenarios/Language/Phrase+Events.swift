import Kafka
import Simulation

/// Happenings, as a step's `after` and the expectations name them:
///
///     event     = [targets | "anybody"] verb { qualifier }
///     qualifier = "in epoch" number | "at offset" number | number "records"
///               | number "times" | "twice" | "once"
///               | topic | partition ["@" offset] | "with" error
extension Phrase {
    /// The words for each kind of happening; the first word says that it is one.
    private static let eventVerbs: [(words: String, kind: Happening.Kind)] = [
        ("becomes leader", .becameLeader),
        ("becomes unattached", .becameUnattached),
        ("becomes prospective", .becameProspective),
        ("becomes candidate", .becameCandidate),
        ("becomes follower", .becameFollower),
        ("resigns", .becameResigned),
        ("votes", .promisedVote),
        ("decides vote", .voted),
        ("appends", .appended),
        ("truncates", .truncated),
        ("flushes", .flushed),
        ("moves high watermark", .movedHighWatermark),
        ("writes snapshot", .wroteSnapshot),
        ("loads snapshot", .loadedSnapshot),
        ("cleans log", .cleanedLog),
        ("crashes", .crashed),
        ("loses power", .lostPower),
        ("loses records", .lostRecords),
        ("forgets records", .forgotRecords),
        ("pauses", .paused),
        ("resumes", .resumed),
        ("stops hosting", .removedReplica),
        ("stops", .stopped),
        ("dies", .died),
        ("fills disk", .diskFailed),
        ("disconnects", .disconnected),
        ("times out", .requestTimedOut),
        ("serves forgotten request", .servedForgottenRequest),
        ("changes voters", .changedVoters),
        ("changes partition", .changedPartition),
        ("changes replicas", .changedReplicas),
        ("changes config", .changedConfig),
        ("deletes topic", .removedTopic),
        ("registers", .registered),
        ("gets fenced", .fenced),
        ("gets unfenced", .unfenced),
        ("changes state", .changedState),
        ("opens", .opened),
        ("applies metadata", .appliedMetadata),
        ("starts leading", .leadsPartition),
        ("starts following", .followsPartition),
        ("starts", .started),
        ("wants isr", .proposedISR),
        ("has isr", .committedISR),
        ("compacts log", .compactedLog),
        ("has fetcher trouble", .fetcherTrouble),
        ("opens log", .openedLog),
        ("appends records", .appendedRecords),
        ("truncates log", .truncatedLog),
        ("moves log high watermark", .movedLogHighWatermark),
        ("moves log start", .movedLogStart),
        ("closes log", .closedLog),
        ("gets acknowledgement", .acknowledged),
        ("fails to send", .sendFailed),
        ("gets refused", .sendRefused),
        ("receives", .received),
        ("resets position", .resetPosition),
        ("looks up", .lookedUp),
        ("throws", .callThrew),
        ("goes wrong", .controllerFault),
        ("carries out order", .administered),
        ("suffers fault", .struck),
        ("gets over fault", .mended),
    ]

    private static let longestFirst = eventVerbs.sorted { $0.words.count > $1.words.count }

    /// What happens to the log of a partition has a name of its own.
    private static func kind(_ kind: Happening.Kind, ofPartitions: Bool) -> Happening.Kind {
        guard ofPartitions else { return kind }
        return switch kind {
        case .appended: .appendedRecords
        case .truncated: .truncatedLog
        case .movedHighWatermark: .movedLogHighWatermark
        default: kind
        }
    }

    /// The words of every kind of happening, in the order of the documentation.
    static let eventWords = eventVerbs.map(\.words)

    /// If the next word begins a happening: that happening's words.
    var nextEventVerb: String? {
        guard let next else { return nil }
        return Self.eventWords.first { words in
            let parts = words.split(separator: " ")
            // One may have things and have them happen: then the second word tells.
            guard next == "has" else { return parts[0] == next }
            return parts[0] == next && parts.count > 1 && word(after: 1) == String(parts[1])
        }
    }

    mutating func parseEvent(_ roster: Roster) throws(Complaint) -> Occurrence {
        let subject = try parseSubject(roster)
        return try parseHappening(by: subject, roster)
    }

    /// Nil: whoever.
    private mutating func parseSubject(_ roster: Roster) throws(Complaint) -> Target? {
        if takeOne(of: "anybody", "somebody") || nextEventVerb != nil { return nil }
        return try parseTarget(roster)
    }

    private mutating func parseHappening(
        by subject: Target?, _ roster: Roster
    ) throws(Complaint) -> Occurrence {
        guard let kind = takeEventVerb() else {
            let states = ["leads", "lead", "is", "are", "reaches", "reach", "has", "have"]
            if let next, states.contains(next) {
                throw Complaint("\(shown(next)) is a state, not an event", offset: offset)
            }
            let nearest = nearestWord(to: rest, among: Self.eventWords) ?? nearestByFirstWord
            throw expected("something that happens, such as \"becomes leader\"", nearest: nearest)
        }
        var event = Occurrence(kind, by: subject)
        while next != nil, next != "," { try parseQualifier(&event, roster) }
        event.kind = Self.kind(event.kind, ofPartitions: event.about != nil)
        return event
    }

    private mutating func takeEventVerb() -> Happening.Kind? {
        // "opens" is one thing and "opens log" another: as many words as there are.
        for verb in Self.longestFirst where take(verb.words) { return verb.kind }
        return nil
    }

    private var nearestByFirstWord: String? {
        guard let next else { return nil }
        if let known = nextEventVerb { return known }
        let firsts = Self.eventWords.map { String($0.split(separator: " ")[0]) }
        guard let first = nearestWord(to: next, among: firsts) else { return nil }
        return Self.eventWords.first { $0.split(separator: " ")[0] == first }
    }

    private mutating func parseQualifier(
        _ event: inout Occurrence, _ roster: Roster
    ) throws(Complaint) {
        if take("in epoch") {
            let offset = offset
            let number = try expectNumber("the number of the epoch")
            event.epoch = try epoch(number, at: offset)
        } else if roster.isCluster, take("with") {
            event.error = try expectError()
        } else if let mention = try takeMention(roster) {
            event.about = TopicPartitions(mention.topic, mention.partition.map { [$0] })
            event.offset = mention.offset ?? event.offset
        } else if take("at offset") {
            event.offset = try expectNumber("an offset")
        } else if take("twice") {
            event.count = 2
        } else if take("once") {
            event.count = 1
        } else {
            try parseCount(&event)
        }
    }

    /// By Kafka's name.
    private mutating func expectError() throws(Complaint) -> KafkaError {
        guard let next else { throw expected("an error such as \"NOT_ENOUGH_REPLICAS\"") }
        guard let error = KafkaError.allCases.first(where: { $0.name == next }) else {
            throw expected(
                "an error such as \"NOT_ENOUGH_REPLICAS\"",
                nearest: nearestWord(to: next, among: KafkaError.allCases.map(\.name)))
        }
        skip()
        return error
    }

    private mutating func parseCount(_ event: inout Occurrence) throws(Complaint) {
        let offset = offset
        guard let number = takeNumber() else {
            throw expected("\"in epoch 3\", \"at offset 12\" or \"3 times\"")
        }
        let withRecords: [Happening.Kind] = [
            .appended, .truncated, .lostRecords, .forgotRecords, .appendedRecords, .truncatedLog,
            .acknowledged, .sendFailed, .received,
        ]
        let hasRecords = withRecords.contains(event.kind)
        if hasRecords, number > 0, takeOne(of: "records", "record") {
            event.records = number
        } else if number > 0, takeOne(of: "times", "time") {
            event.count = Int(number)
        } else {
            let choice = hasRecords ? "\"3 times\" or \"10 records\"" : "\"3 times\""
            throw Complaint("expected \(choice)", offset: offset)
        }
    }
}

/// What `sometimes` waits for: a state or a happening.
enum Expected: Hashable, Sendable {
    case condition(Condition)
    case event(Occurrence)
}

extension Phrase {
    /// A state or a happening: the verb tells which.
    mutating func parseExpected(_ roster: Roster) throws(Complaint) -> Expected {
        var ahead = self
        let starts = ahead.takeOne(of: "anybody", "somebody") || ahead.nextEventVerb != nil
        if starts || (try? ahead.parseTarget(roster)) != nil, ahead.nextEventVerb != nil {
            return .event(try parseEvent(roster))
        }
        mayBeEvent = true
        return .condition(try parseCondition(roster))
    }
}
