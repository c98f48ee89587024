import Kafka
import Kernel
import Simulation

/// What explains two records of a producer that are where they should not be.
extension Chronicle {
    /// How each came to its place, and what befell the producers, the leaders and the partition in
    /// between, or stood when it began.
    func causes(
        of one: (record: Int64, offset: Int64), _ other: (record: Int64, offset: Int64),
        sentBy clients: [Int], _ ghost: PartitionGhost, in world: World
    ) -> [Violation.Cause] {
        let name = world.name(of: ghost.id)
        let earlier = one.offset <= other.offset ? one : other
        let later = one.offset <= other.offset ? other : one
        let first = ghost.appendings.last(of: earlier.offset)
        let second = ghost.appendings.last(of: later.offset)
        var causes: [Violation.Cause] = []
        if let first {
            causes.append(
                .init(
                    at: first.at,
                    "\(world.name(first.by)) appends record \(earlier.record) as "
                        + "\(name)@\(earlier.offset)"))
        }
        if let second {
            let what =
                if later.record == earlier.record {
                    "record \(later.record), which was sent again,"
                } else if later.record < earlier.record {
                    "record \(later.record), which was sent before that one,"
                } else { "record \(later.record)" }
            causes.append(
                .init(
                    at: second.at,
                    "\(world.name(second.by)) appends \(what) as \(name)@\(later.offset)"))
        }
        // Why something was sent again may lie before both.
        let retry = second.flatMap { lastPatience(of: clients, before: $0.at) }
        let told = self.causes(
            of: ghost.id, clients + world.processes(hosting: ghost.id),
            since: min(first?.at ?? .zero, retry ?? .never), until: second?.at ?? .never, in: world)
        return (told + causes).inOrderOfTime
    }
}
