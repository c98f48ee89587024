import Testing

@Suite struct BrokerInteractionTests {
    @Test(arguments: InteractionFile.all(about: "broker"))
    func `stories of brokers`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: BrokerStage.self) { Issue.record("\(fault)") }
    }
}
