import Testing

@Suite struct FollowerInteractionTests {
    @Test(arguments: InteractionFile.all(about: "follower"))
    func `stories of followers`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: FollowerStage.self) { Issue.record("\(fault)") }
    }
}
