import Kernel
import Testing

@testable import Kafka

/// A controller is configured by Kafka's own names.
@Suite struct ControllerSettingsTests {
    @Test func `a controller's properties come to its settings`() throws {
        let properties = try Settings(
            .broker,
            [
                ("broker.session.timeout.ms", "5000"), ("min.insync.replicas", "2"),
                ("metadata.max.idle.interval.ms", "0"),
            ]
        ).checkedBroker()
        let settings = ControllerSettings(properties)
        #expect(settings.brokerSessionTimeout == .seconds(5))
        #expect(settings.minInSyncReplicas == 2)
        #expect(settings.maxIdleInterval == nil)
    }

    @Test func `what nobody says is as in the settings' own defaults`() throws {
        let properties = try Settings(.broker, []).checkedBroker()
        #expect(ControllerSettings(properties) == ControllerSettings())
    }
}
