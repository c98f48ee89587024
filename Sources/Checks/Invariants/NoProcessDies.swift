import Kafka
import Kernel
import Simulation

/// `no-process-dies`: a process ends because somebody ended it, never because an exception of its
/// own escaped.
struct NoProcessDies: Sendable {
    func observe(
        _ note: Note, _ world: World, _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard case .died(let reason) = note.happening else { return }
        findings.add(.noProcessDies) {
            Violation(
                .noProcessDies, at: world.now, event: world.eventCount,
                summary: "\(world.name(note.node)) died: \(reason.rawValue)",
                causes: chronicle.causes(
                    of: [note.node], since: world.now - .seconds(60), in: world))
        }
    }
}
