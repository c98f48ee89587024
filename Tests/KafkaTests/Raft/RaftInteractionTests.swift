import Testing

@Suite struct RaftInteractionTests {
    @Test(arguments: InteractionFile.all(about: "raft"))
    func `stories of the quorum`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: RaftStage.self) { Issue.record("\(fault)") }
    }
}
