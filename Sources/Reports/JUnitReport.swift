import Exploration
import Kernel
import Scenarios

/// Outcomes as the XML that build servers read: a scenario file is a suite, a run of it a case.
public struct JUnitReport: Sendable {
    public init() {}

    public func text(outcomes: [Outcome]) -> String {
        suites(outcomes.map { outcome in
            Case(
                suite: outcome.file, name: "\(outcome.title) (seed \(outcome.seed))",
                failure: outcome.asExpected ? nil : TextReport().text(of: outcome))
        })
    }

    public func text(campaigns: [Campaign]) -> String {
        suites(campaigns.map { campaign in
            Case(
                suite: campaign.file,
                name: "\(campaign.title) (seeds \(campaign.firstSeed)..\(campaign.lastSeed))",
                failure: campaign.asExpected ? nil : TextReport().text(of: campaign))
        })
    }

    private struct Case {
        var suite: String
        var name: String
        var failure: String?
    }

    private func suites(_ cases: [Case]) -> String {
        let failures = cases.filter { $0.failure != nil }.count
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"samsa\" tests=\"\(cases.count)\" failures=\"\(failures)\">",
        ]
        for one in cases {
            let failed = one.failure == nil ? 0 : 1
            lines.append(
                "  <testsuite name=\"\(escaped(one.suite))\" tests=\"1\" failures=\"\(failed)\">")
            let opening = "    <testcase classname=\"\(escaped(one.suite))\" "
                + "name=\"\(escaped(one.name))\""
            if let failure = one.failure {
                lines.append(opening + ">")
                let text = escaped(failure)
                lines.append("      <failure message=\"not as expected\">\(text)</failure>")
                lines.append("    </testcase>")
            } else {
                lines.append(opening + "/>")
            }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// XML has no way to write most control characters: they become U+FFFD.
    private func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t", "\r": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
