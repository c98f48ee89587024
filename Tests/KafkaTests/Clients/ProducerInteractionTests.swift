import Testing

@Suite struct ProducerInteractionTests {
    @Test(arguments: InteractionFile.all(about: "producer"))
    func `stories of the producer`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: ProducerStage.self) { Issue.record("\(fault)") }
    }
}
