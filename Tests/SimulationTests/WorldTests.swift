import Kafka
import Kernel
import Simulation
import Testing

@Suite struct WorldTests {
    @Test func `three controllers elect a leader`() {
        var configuration = WorldConfiguration(controllers: 3)
        configuration.seed = 1
        configuration.proposers = [ProposerConfiguration(every: .milliseconds(100))]
        var world = World(configuration)
        world.isTracing = true
        while world.nextEventAt < Instant(nanoseconds: 4_000_000_000) {
            _ = world.step()
        }
        #expect(world.controller != nil)
    }
}
