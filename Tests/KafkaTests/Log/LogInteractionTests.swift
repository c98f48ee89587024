import Testing

@Suite struct LogInteractionTests {
    @Test(arguments: InteractionFile.all(about: "log"))
    func `stories of the log`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: LogStage.self) { Issue.record("\(fault)") }
    }
}
