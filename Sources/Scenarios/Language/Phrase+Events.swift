import Simulation

/// Happenings, as a step's `after` and the expectations name them:
///
///     event     = [targets | "anybody"] verb { qualifier }
///     qualifier = "in epoch" number | "at offset" number | number "records"
///               | number "times" | "twice" | "once"
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
        ("stops", .stopped),
        ("dies", .died),
        ("fills disk", .diskFailed),
        ("disconnects", .disconnected),
        ("times out", .requestTimedOut),
        ("serves forgotten request", .servedForgottenRequest),
        ("changes voters", .changedVoters),
        ("changes partition", .changedPartition),
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
        ("stops hosting", .removedReplica),
        ("wants isr", .proposedISR),
        ("has isr", .committedISR),
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
        ("throws", .callThrew),
        ("goes wrong", .controllerFault),
        ("carries out order", .administered),
    ]

    /// The words of every kind of happening, in the order of the documentation.
    static let eventWords = eventVerbs.map(\.words)

    /// If the next word begins a happening: that happening's words.
    var nextEventVerb: String? {
        guard let next else { return nil }
        return Self.eventWords.first { $0.split(separator: " ")[0] == next }
    }

    mutating func parseEvent(_ roster: Roster) throws(Complaint) -> Occurrence {
        let subject = try parseSubject(roster)
        return try parseHappening(by: subject)
    }

    /// Nil: whoever.
    private mutating func parseSubject(_ roster: Roster) throws(Complaint) -> Target? {
        if takeOne(of: "anybody", "somebody") || nextEventVerb != nil { return nil }
        return try parseTarget(roster)
    }

    private mutating func parseHappening(by subject: Target?) throws(Complaint) -> Occurrence {
        guard let kind = takeEventVerb() else {
            if let next, ["leads", "lead", "is", "are", "reaches", "reach"].contains(next) {
                throw Complaint("\(shown(next)) is a state, not an event", offset: offset)
            }
            let nearest = nearestWord(to: rest, among: Self.eventWords) ?? nearestByFirstWord
            throw expected("something that happens, such as \"becomes leader\"", nearest: nearest)
        }
        var event = Occurrence(kind, by: subject)
        while next != nil, next != "," { try parseQualifier(&event) }
        return event
    }

    private mutating func takeEventVerb() -> Happening.Kind? {
        for verb in Self.eventVerbs where take(verb.words) { return verb.kind }
        return nil
    }

    private var nearestByFirstWord: String? {
        guard let next else { return nil }
        if let known = nextEventVerb { return known }
        let firsts = Self.eventWords.map { String($0.split(separator: " ")[0]) }
        guard let first = nearestWord(to: next, among: firsts) else { return nil }
        return Self.eventWords.first { $0.split(separator: " ")[0] == first }
    }

    private mutating func parseQualifier(_ event: inout Occurrence) throws(Complaint) {
        if take("in epoch") {
            let offset = offset
            let number = try expectNumber("the number of the epoch")
            guard let epoch = Int32(exactly: number) else {
                throw Complaint("an epoch is at most \(Int32.max)", offset: offset)
            }
            event.epoch = epoch
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

    private mutating func parseCount(_ event: inout Occurrence) throws(Complaint) {
        let offset = offset
        guard let number = takeNumber() else {
            throw expected("\"in epoch 3\", \"at offset 12\" or \"3 times\"")
        }
        let hasRecords = [.appended, .truncated, .lostRecords, .forgotRecords].contains(event.kind)
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
