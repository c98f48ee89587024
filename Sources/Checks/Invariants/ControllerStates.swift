import Kafka
import Kernel
import Simulation

/// `controller-state`: reading the committed metadata log from its beginning gives exactly what
/// every controller and every broker knows, however they came to know it.
///
/// Judged at the end, after a calm, when everybody has had time to read everything: the log of
/// whoever leads is read once more, and nobody's image may differ.
struct ControllerStates: Sendable {
    func conclude(_ world: World, _ chronicle: Chronicle, _ findings: inout Findings) {
        guard let leader = world.controller, let truth = world.replayedImage(leader) else { return }
        for node in world.nodes.indices where world.isRunning(node) {
            judge(world.image(ofControllerIn: node), of: node, truth, world, chronicle, &findings)
            judge(world.image(ofBrokerIn: node), of: node, truth, world, chronicle, &findings)
        }
    }

    func judge(
        _ image: MetadataImage?, of node: Int, _ truth: MetadataImage, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let image, image != truth else { return }
        findings.add(.controllerState) {
            Violation(
                .controllerState, at: world.now, event: world.eventCount,
                summary: "\(world.name(node)) takes \(difference(image, truth)) for something else "
                    + "than the metadata log says",
                causes: chronicle.causes(
                    of: [node], since: world.now - .seconds(60), in: world))
        }
    }

    private func difference(_ image: MetadataImage, _ truth: MetadataImage) -> String {
        for topic in truth.topics {
            for entry in topic.value.partitions {
                let id = TopicIDPartition(topic.key, entry.key)
                if image.partition(id) != entry.value {
                    return "\(topic.value.name)-\(entry.key)"
                }
            }
        }
        if image.brokers != truth.brokers { return "a broker's registration" }
        if image.configs != truth.configs { return "a setting" }
        return image.topics == truth.topics ? "a feature or a producer id" : "a topic"
    }
}
