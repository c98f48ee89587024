import Testing

@Suite struct ControllerInteractionTests {
    @Test(arguments: InteractionFile.all(about: "controller"))
    func `stories of the controller`(_ file: InteractionFile) throws {
        #expect(!file.blocks.isEmpty)
        for fault in try file.play(on: ControllerStage.self) { Issue.record("\(fault)") }
    }
}
