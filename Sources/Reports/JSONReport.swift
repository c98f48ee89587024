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

    private func write(_ outcome: Outcome, _ json: inout JSONText) {
        json.object { json in
            json.member("title", outcome.title)
            json.member("file", outcome.file)
            json.member("seed", outcome.seed)
            json.member("cluster", outcome.cluster)
            json.member("as-expected", outcome.asExpected)
            json.member("interrupted", outcome.interrupted)
            json.member("events", outcome.events)
            json.member("virtual-time-ns", outcome.endedAt.nanoseconds)
            json.member("digest", hexadecimal(outcome.digest))
            json.key("guarantees")
            json.array(of: outcome.verdicts) { json, verdict in
                json.object { json in
                    json.member("name", verdict.guarantee.rawValue)
                    json.member("promise", verdict.guarantee.promise)
                    json.member("holds", verdict.holds)
                    json.member("violation-expected", verdict.violationExpected)
                    json.member("violations", verdict.count)
                    json.key("examples")
                    json.array(of: verdict.violations) { write($1, &$0) }
                }
            }
            json.key("sometimes")
            json.array(of: outcome.sometimes) { json, sometimes in
                json.object { json in
                    json.member("condition", sometimes.condition)
                    json.member("line", sometimes.line)
                    json.key("reached-at-ns")
                    if let at = sometimes.reachedAt {
                        json.integer(at.nanoseconds)
                    } else {
                        json.null()
                    }
                }
            }
            json.key("eventually")
            json.array(of: outcome.eventually) { json, eventually in
                json.object { json in
                    json.member("condition", eventually.condition)
                    json.member("line", eventually.line)
                    json.member("holds", eventually.holds)
                }
            }
            json.key("idle-steps")
            json.array(of: outcome.idleSteps) { json, step in
                json.object { json in
                    json.member("step", step.step)
                    json.member("line", step.line)
                    json.member("reason", step.reason)
                }
            }
            json.member("reproduce", reproductionCommand(file: outcome.file, seed: outcome.seed))
        }
    }

    private func write(_ campaign: Campaign, _ json: inout JSONText) {
        json.object { json in
            json.member("title", campaign.title)
            json.member("file", campaign.file)
            json.member("first-seed", campaign.firstSeed)
            json.member("last-seed", campaign.lastSeed)
            json.member("seeds", campaign.seeds)
            json.member("cluster", campaign.cluster)
            json.member("as-expected", campaign.asExpected)
            json.member("interrupted", campaign.interrupted)
            json.member("events", campaign.events)
            json.member("virtual-time-ns", campaign.virtualTime.nanoseconds)
            json.member("digest", hexadecimal(campaign.digest))
            json.key("guarantees")
            json.array(of: campaign.findings) { json, finding in
                json.object { json in
                    json.member("name", finding.guarantee.rawValue)
                    json.member("promise", finding.guarantee.promise)
                    json.member("violation-expected", finding.violationExpected)
                    json.member("violated-seeds", finding.violatedSeeds)
                    json.key("first-seed")
                    if let seed = finding.firstSeed { json.integer(seed) } else { json.null() }
                    json.key("example")
                    if let example = finding.example { write(example, &json) } else { json.null() }
                }
            }
            json.key("sometimes")
            json.array(of: campaign.reached) { json, reached in
                json.object { json in
                    json.member("condition", reached.condition)
                    json.member("line", reached.line)
                    json.member("seeds", reached.seeds)
                }
            }
            json.key("unmet")
            json.array(of: campaign.unmet) { json, unmet in
                json.object { json in
                    json.member("condition", unmet.condition)
                    json.member("line", unmet.line)
                    json.member("seeds", unmet.seeds)
                    json.member("first-seed", unmet.firstSeed)
                }
            }
            json.member(
                "reproduce",
                reproductionCommand(file: campaign.file, seed: campaign.seedToReproduce))
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
