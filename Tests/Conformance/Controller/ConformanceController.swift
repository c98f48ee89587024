import Testing

/// The active controller: QuorumController, its managers, and the arithmetic below them.
enum ControllerArea: VectorArea {
    static let name = "controller"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        switch file.name {
        case "partition-change": PartitionChangeAdapter.self
        case "placement": PlacementAdapter.self
        case "reassignment-plan": ReassignmentPlanAdapter.self
        default: file.name.hasPrefix("controller-") ? ControllerAdapter.self : nil
        }
    }
}

@Suite struct ConformanceController {
    @Test(arguments: ControllerArea.files)
    func `the controller answers as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: ControllerArea.self)
    }
}
