import Testing

@testable import Kafka

@Suite struct SettingsTests {
    @Test func `what was not given has Kafka's default`() throws {
        let settings = try Settings(.producer, [("linger.ms", " 20 ")])
        #expect(settings.number("linger.ms") == 20)
        #expect(settings.text("acks") == "all")
        #expect(settings.list("interceptor.classes") == [])
        #expect(settings.text("transactional.id") == nil)
        #expect(settings.isGiven("linger.ms"))
        #expect(!settings.isGiven("acks"))
    }

    @Test func `every default is a value that its setting accepts`() throws {
        for kind in SettingKind.allCases {
            for setting in Settings.all(of: kind) {
                guard case .value(let value) = setting.default, value != .null else { continue }
                #expect(throws: Never.self) { try setting.rule.check(value, setting.name) }
            }
        }
    }

    @Test func `names are in order and stand once`() {
        for kind in SettingKind.allCases {
            let names = Settings.all(of: kind).map(\.name)
            for (name, next) in zip(names, names.dropFirst()) { #expect(name < next) }
            for name in names { #expect(Settings.setting(name, of: kind)?.name == name) }
            #expect(Settings.setting("no.such.setting", of: kind) == nil)
        }
    }

    @Test func `a refusal names the settings that have to do with it`() {
        #expect {
            try Settings(.producer, [("acks", "1"), ("enable.idempotence", "true")])
                .checkedProducer()
        } throws: { error in
            (error as? SettingRefusal)?.involved == ["acks", "enable.idempotence"]
        }
        #expect {
            try Settings(.topic, [("segment.bytes", "14")])
        } throws: { error in
            (error as? SettingRefusal)?.setting == "segment.bytes"
        }
    }

    @Test(arguments: [
        ("1@a:9093,2@b:9093", true), ("", true), ("1@a", false), ("a:9093", false),
        ("x@a:9093", false), ("1@:9093", false), ("1@a:99999", false),
    ])
    func `voters are given as id, host and port`(text: String, isAccepted: Bool) {
        let settings = try? Settings(.broker, [("controller.quorum.voters", text)])
        #expect((settings != nil) == isAccepted)
    }

    @Test(arguments: [
        ("0.5", "0.5"), (".5", "0.5"), ("5.", "5"), ("-1.5e-3", "-0.0015"), ("2d", "2"),
        ("1e3", "1000"), ("+0.50", "0.50"),
    ])
    func `decimal numbers are read as Java reads them`(text: String, expected: String) throws {
        #expect(try #require(Decimal(text)).description == expected)
    }

    @Test(arguments: ["", ".", "-", "e5", "1e", "1.2.3", "x", "1,5", "--1", "+-1", "d", "1e99999"])
    func `what is no decimal number is refused`(text: String) {
        #expect(Decimal(text) == nil)
    }

    @Test func `decimal numbers compare by value, however they are written`() throws {
        let values = ["-1e300", "-2.5", "-0.1", "0", "0.05", "0.1", "1", "9.99", "1e17", "1e300"]
        let decimals = try values.map { try #require(Decimal($0)) }
        for (index, left) in decimals.enumerated() {
            for (other, right) in decimals.enumerated() {
                #expect((left < right) == (index < other), "\(left) \(right)")
            }
        }
        #expect(Decimal("0.50") == Decimal("5e-1"))
    }

    @Test(arguments: [
        ("PT1H", 3_600_000), ("P1DT2H3M4.5S", 93_784_500), ("P2D", 172_800_000), ("-PT1M", -60_000),
        ("pt0.25s", 250), ("P1W", nil), ("P", nil), ("PT", nil), ("P1DT", nil), ("1H", nil),
        ("PT1S1H", nil), ("PT1.5H", nil), ("P999999999999D", nil),
    ] as [(String, Int64?)])
    func `durations are read as Java reads them`(text: String, milliseconds: Int64?) {
        #expect(isoDuration(text) == milliseconds)
    }
}
