import Testing

@Suite struct ConsumerInteractionTests {
    @Test(arguments: InteractionFile.all(about: "consumer"))
    func `stories of the consumer`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: ConsumerStage.self) { Issue.record("\(fault)") }
    }
}
