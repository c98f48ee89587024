import Testing

@Suite struct PartitionInteractionTests {
    @Test(arguments: InteractionFile.all(about: "partition"))
    func `stories of a partition`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: PartitionStage.self) { Issue.record("\(fault)") }
    }
}
