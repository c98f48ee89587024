import Checks
import Exploration
import Kernel
import Scenarios

/// A verdict as a person reads it: what was expected, what was seen, why, and how to see it again.
public struct TextReport: Sendable {
    private let style: Style
    private let titleWidth = 66
    private let nameWidth = 30

    public init(style: Style = .plain) {
        self.style = style
    }

    public func text(of outcome: Outcome) -> String {
        var lines = [heading(outcome.title, "seed \(outcome.seed) · \(outcome.cluster)")]
        for verdict in outcome.verdicts where !(verdict.holds && verdict.asExpected) {
            lines += self.lines(
                verdict.guarantee, holds: verdict.holds, expected: verdict.violationExpected,
                extent: verdict.count > 1 ? "\(verdict.count) times" : "",
                example: verdict.violations.first)
        }
        for condition in outcome.sometimes where condition.reachedAt == nil {
            let when = outcome.interrupted ? "not reached yet" : "never reached"
            lines.append(warning("line \(condition.line): \(when): \(condition.condition)"))
        }
        for condition in outcome.eventually where !condition.holds {
            let text = "line \(condition.line): not so at the end: \(condition.condition)"
            lines.append(warning(text))
        }
        for condition in outcome.never {
            guard let at = condition.brokenAt else { continue }
            let text = "line \(condition.line): came true at \(at): \(condition.condition)"
            lines.append(warning(text))
        }
        for step in outcome.idleSteps {
            lines.append(warning("line \(step.line): \(step.step) \(step.reason)"))
        }
        lines += story(of: outcome)
        let kept = outcome.verdicts.filter { $0.holds && $0.asExpected }
        lines += kept.filter(\.isNamed).map { promise($0.guarantee) }
        lines += summary(
            holding: kept.filter { !$0.isNamed }.count, of: outcome.verdicts.count,
            everySeed: false, interrupted: outcome.interrupted)
        lines.append(
            "  " + style.paint(
                "\(count(outcome.events, "event")) · \(seconds(outcome.endedAt.nanoseconds)) "
                    + "of virtual time · digest \(hexadecimal(outcome.digest))", .quiet))
        if !outcome.asExpected {
            lines.append(
                "  reproduce: "
                    + reproductionCommand(
                        file: outcome.file, seed: outcome.seed, isMended: outcome.isMended,
                        without: outcome.takenOut))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    public func text(of campaign: Campaign) -> String {
        let range = "seeds \(campaign.firstSeed)..\(campaign.lastSeed)"
        var lines = [heading(campaign.title, "\(range) · \(campaign.cluster)")]
        for finding in campaign.findings where !(finding.holds && finding.asExpected) {
            lines += self.lines(
                finding.guarantee, holds: finding.holds, expected: finding.violationExpected,
                extent: finding.firstSeed.map {
                    "in \(grouped(finding.violatedSeeds)) of \(count(campaign.seeds, "seed")), "
                        + "first seed \($0)"
                } ?? "",
                example: finding.example)
        }
        for reached in campaign.reached {
            lines.append(
                reached.seeds == 0
                    ? warning("line \(reached.line): never reached: \(reached.condition)")
                    : milestone("\(reached.condition): in \(count(reached.seeds, "seed"))"))
        }
        for unmet in campaign.unmet {
            lines.append(
                warning(
                    "line \(unmet.line): not so at the end: \(unmet.condition)  "
                        + "(in \(count(unmet.seeds, "seed")), first seed \(unmet.firstSeed))"))
        }
        for broken in campaign.broken {
            lines.append(
                warning(
                    "line \(broken.line): came true: \(broken.condition)  "
                        + "(in \(count(broken.seeds, "seed")), first seed \(broken.firstSeed))"))
        }
        for step in campaign.idle where step.seeds == campaign.seeds {
            lines.append(warning("line \(step.line): \(step.step) \(step.reason) in every seed"))
        }
        lines += summary(
            holding: campaign.findings.filter { $0.holds && $0.asExpected }.count,
            of: campaign.findings.count, everySeed: true, interrupted: campaign.interrupted)
        lines.append(
            "  " + style.paint(
                "\(count(campaign.events, "event")) · "
                    + "\(seconds(campaign.virtualTime.nanoseconds)) of virtual time · "
                    + "digest \(hexadecimal(campaign.digest))", .quiet))
        if !campaign.asExpected {
            lines.append(
                "  reproduce: "
                    + reproductionCommand(
                        file: campaign.file, seed: campaign.seedToReproduce,
                        isMended: campaign.isMended, without: campaign.takenOut))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func heading(_ title: String, _ facts: String) -> String {
        style.paint(title.padded(to: titleWidth), .strong) + "  " + style.paint(facts, .quiet)
    }

    /// What the scenario waited for, as it came, and what an administrator was told or refused;
    /// then what is true at the end, and what never came.
    private func story(of outcome: Outcome) -> [String] {
        let reached = outcome.sometimes.compactMap { condition in
            condition.reachedAt.map { (at: $0, text: condition.condition, more: [String]()) }
        }
        let orders = outcome.account.orders.filter { $0.isQuestion || $0.refusal != nil }.map {
            (at: $0.at, text: $0.words, more: $0.answer)
        }
        let ordered = (reached + orders).enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        let ends = outcome.eventually.filter(\.holds).map(\.condition)
            + outcome.account.clients.compactMap(\.loss)
        let kept = outcome.interrupted ? [] : outcome.never.filter { $0.brokenAt == nil }
        var moments = ordered.map { ($0.element.at.description, $0.element.text, $0.element.more) }
        moments += ends.map { ("in the end", $0, []) }
        moments += kept.map { ("never", $0.condition, []) }
        let width = moments.map(\.0.count).max() ?? 0
        return moments.flatMap { moment, text, more in
            [milestone(style.paint(moment.padded(to: width), .quiet) + "  " + text)]
                + more.map { String(repeating: " ", count: width + 8) + $0 }
        }
    }

    private func milestone(_ text: String) -> String {
        "  " + style.paint("·", .quiet) + " " + text
    }

    private func promise(_ guarantee: Guarantee) -> String {
        let name = guarantee.rawValue.padded(to: nameWidth)
        return "  \(style.paint("✓", .good)) \(name) \(guarantee.promise)"
    }

    private func warning(_ text: String) -> String {
        "  " + style.paint("!", .warning) + " " + text
    }

    private func lines(
        _ guarantee: Guarantee, holds: Bool, expected: Bool, extent: String, example: Violation?
    ) -> [String] {
        let name = guarantee.rawValue.padded(to: nameWidth)
        if holds {
            return [warning("\(name) holds, and was expected to be violated")]
        }
        let judgement = expected ? style.paint("expected", .quiet) : style.paint("violated", .bad)
        let tail = extent.isEmpty ? "" : "  (\(extent))"
        let mark = style.paint("✗", expected ? .warning : .bad)
        var lines = ["  \(mark) \(name) \(judgement)\(tail)"]
        if let example {
            lines.append("      \(example.summary)")
            for cause in example.causes {
                let at = style.paint(cause.at.description, .quiet)
                lines.append("      \(at)  \(cause.text)")
            }
        }
        return lines
    }

    private func summary(
        holding: Int, of total: Int, everySeed: Bool, interrupted: Bool
    ) -> [String] {
        var lines: [String] = []
        if holding > 0 {
            let other = holding == total ? "all \(total)" : "\(holding) other"
            let noun = holding == 1 ? "guarantee holds" : "guarantees hold"
            let where_ = everySeed ? " in every seed" : ""
            lines.append("  \(style.paint("✓", .good)) \(other) \(noun)\(where_)")
        }
        if interrupted {
            lines.append(warning("interrupted: this is what was found until then"))
        }
        return lines
    }
}

extension Outcome.Order {
    fileprivate var words: String { order + (refusal.map { ": refused with \($0)" } ?? "") }
}

extension Outcome.Client {
    /// `till gave up 3 records: REQUEST_TIMED_OUT`; nil: it gave up none.
    fileprivate var loss: String? {
        guard !givenUp.isEmpty else { return nil }
        let all = givenUp.reduce(0) { $0 + $1.records }
        let errors = givenUp.map {
            givenUp.count == 1 ? $0.error : "\($0.error) (\($0.records))"
        }
        return "\(name) gave up \(all) record\(all == 1 ? "" : "s"): "
            + errors.joined(separator: ", ")
    }
}

/// The one line that shows a run again, quoted for the shell where the path needs it.
func reproductionCommand(
    file: String, seed: UInt64, isMended: Bool = false, without takenOut: [String] = []
) -> String {
    let plain = file.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
             UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
             UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...0xFF: true
        default: false
        }
    }
    let path = plain ? file : "'" + file.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
    let without = takenOut.isEmpty ? "" : " --without \(takenOut.joined(separator: ","))"
    return "samsa run \(path) --seed \(seed)" + (isMended ? " --fixed" : "") + without
}
