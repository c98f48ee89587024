import Checks
import Exploration
import Kernel
import Scenarios

/// Everything a run or a campaign found, for programs. Keys are never taken away within a version.
public struct JSONReport: Sendable {
    public static let version = 1

    public init() {}

    /// One document for all that one command ran.
    public func text(outcomes: [Outcome]) -> String {
        document { json in
            json.key("runs")
            json.array(of: outcomes) { write($1, &$0) }
            json.member("as-expected", outcomes.allSatisfy(\.asExpected))
        }
    }

    public func text(campaigns: [Campaign]) -> String {
        document { json in
            json.key("campaigns")
            json.array(of: campaigns) { write($1, &$0) }
            json.member("as-expected", campaigns.allSatisfy(\.asExpected))
        }
    }

    private func document(_ members: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        json.object { json in
            json.member("samsa-report", Self.version)
            members(&json)
        }
        return json.text + "\n"
    }

    /// What a run and a campaign have in common.
    private struct Subject {
        let title: String
        let file: String
        let seeds: [(name: String, value: UInt64)]
        let cluster: String
        let asExpected: Bool
        let interrupted: Bool
        let events: UInt64
        let virtualTime: Int64
        let digest: UInt64
        let seedToReproduce: UInt64
        let isMended: Bool
        let takenOut: [String]
    }

    private func write(
        _ subject: Subject, _ json: inout JSONText, _ findings: (inout JSONText) -> Void
    ) {
        json.object { json in
            json.member("title", subject.title)
            json.member("file", subject.file)
            for (name, value) in subject.seeds { json.member(name, value) }
            json.member("cluster", subject.cluster)
            json.member("as-expected", subject.asExpected)
            json.member("interrupted", subject.interrupted)
            json.member("events", subject.events)
            json.member("virtual-time-ns", subject.virtualTime)
            json.member("digest", hexadecimal(subject.digest))
            findings(&json)
            json.member(
                "reproduce",
                reproductionCommand(
                    file: subject.file, seed: subject.seedToReproduce,
                    isMended: subject.isMended, without: subject.takenOut))
        }
    }

    private func write(_ outcome: Outcome, _ json: inout JSONText) {
        let subject = Subject(
            title: outcome.title, file: outcome.file, seeds: [("seed", outcome.seed)],
            cluster: outcome.cluster, asExpected: outcome.asExpected,
            interrupted: outcome.interrupted, events: outcome.events,
            virtualTime: outcome.endedAt.nanoseconds, digest: outcome.digest,
            seedToReproduce: outcome.seed, isMended: outcome.isMended,
            takenOut: outcome.takenOut)
        write(subject, &json) { json in
            guarantees(outcome.verdicts, \.guarantee, &json) { json, verdict in
                json.member("holds", verdict.holds)
                json.member("violation-expected", verdict.violationExpected)
                json.member("named", verdict.isNamed)
                json.member("violations", verdict.count)
                json.key("examples")
                json.array(of: verdict.violations) { write($1, &$0) }
            }
            places("sometimes", outcome.sometimes, \.condition, \.line, &json) { json, sometimes in
                json.member("reached-at-ns", sometimes.reachedAt?.nanoseconds)
            }
            places("eventually", outcome.eventually, \.condition, \.line, &json) {
                $0.member("holds", $1.holds)
            }
            places("never", outcome.never, \.condition, \.line, &json) {
                $0.member("broken-at-ns", $1.brokenAt?.nanoseconds)
            }
            places("idle-steps", outcome.idleSteps, \.step, \.line, key: "step", &json) {
                $0.member("reason", $1.reason)
            }
            write(outcome.account, &json)
        }
    }

    private func write(_ campaign: Campaign, _ json: inout JSONText) {
        let subject = Subject(
            title: campaign.title, file: campaign.file,
            seeds: [
                ("first-seed", campaign.firstSeed), ("last-seed", campaign.lastSeed),
                ("seeds", campaign.seeds),
            ],
            cluster: campaign.cluster, asExpected: campaign.asExpected,
            interrupted: campaign.interrupted, events: campaign.events,
            virtualTime: campaign.virtualTime.nanoseconds, digest: campaign.digest,
            seedToReproduce: campaign.seedToReproduce, isMended: campaign.isMended,
            takenOut: campaign.takenOut)
        write(subject, &json) { json in
            guarantees(campaign.findings, \.guarantee, &json) { json, finding in
                json.member("violation-expected", finding.violationExpected)
                json.member("violated-seeds", finding.violatedSeeds)
                json.member("first-seed", finding.firstSeed)
                json.key("example")
                if let example = finding.example { write(example, &json) } else { json.null() }
            }
            places("sometimes", campaign.reached, \.condition, \.line, &json) {
                $0.member("seeds", $1.seeds)
            }
            places("unmet", campaign.unmet, \.condition, \.line, &json) { json, unmet in
                json.member("seeds", unmet.seeds)
                json.member("first-seed", unmet.firstSeed)
            }
            places("broken", campaign.broken, \.condition, \.line, &json) { json, broken in
                json.member("seeds", broken.seeds)
                json.member("first-seed", broken.firstSeed)
            }
        }
    }

    private func guarantees<Finding>(
        _ findings: [Finding], _ guarantee: (Finding) -> Guarantee, _ json: inout JSONText,
        _ rest: (inout JSONText, Finding) -> Void
    ) {
        json.key("guarantees")
        json.array(of: findings) { json, finding in
            json.object { json in
                json.member("name", guarantee(finding).rawValue)
                json.member("promise", guarantee(finding).promise)
                rest(&json, finding)
            }
        }
    }

    /// What stands in a line of the scenario, and what there is to say of it.
    private func places<Place>(
        _ name: String, _ places: [Place], _ text: (Place) -> String, _ line: (Place) -> Int,
        key: String = "condition", _ json: inout JSONText,
        _ rest: (inout JSONText, Place) -> Void
    ) {
        json.key(name)
        json.array(of: places) { json, place in
            json.object { json in
                json.member(key, text(place))
                json.member("line", line(place))
                rest(&json, place)
            }
        }
    }

    private func write(_ violation: Violation, _ json: inout JSONText) {
        json.object { json in
            json.member("at-ns", violation.at.nanoseconds)
            json.member("event", violation.event)
            json.member("summary", violation.summary)
            json.key("causes")
            json.array(of: violation.causes) { json, cause in
                json.object { json in
                    json.member("at-ns", cause.at.nanoseconds)
                    json.member("text", cause.text)
                }
            }
        }
    }
}
