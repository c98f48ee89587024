import Kafka
import Kernel
import Simulation

/// `nonmonotonic-send`: what one producer sends to a partition is written there in the order in
/// which it was sent. A record that is lost has no place in that order: its loss is another
/// guarantee's affair.
struct MonotonicSends: Sendable {
    func observe(
        _ tickets: [SendTicket], at offset: Int64, by client: Int,
        losses: Int, _ history: inout PartitionHistory, _ ghost: PartitionGhost, _ world: World,
        _ chronicle: Chronicle, _ findings: inout Findings
    ) {
        guard let last = tickets.last?.rawValue else { return }
        let end = offset + Int64(tickets.count) - 1
        let now = PartitionHistory.Send(
            client: client, ticket: last, offset: end, losses: losses)
        guard let place = history.place(ofWriter: client) else {
            return history.sends.append(now)
        }
        let before = history.sends[place]
        guard before.losses == losses else {
            history.sends[place] = now
            return
        }
        if last > before.ticket {
            history.sends[place].ticket = last
            history.sends[place].offset = end
        }
        guard (last > before.ticket) != (end > before.offset) else { return }
        findings.add(.nonmonotonicSend) {
            let earlier = min(last, before.ticket)
            let later = max(last, before.ticket)
            return Violation(
                .nonmonotonicSend, at: world.now, event: world.eventCount,
                summary: "\(world.name(client)) sent record \(earlier) before record \(later) to "
                    + "\(world.name(of: history.id)), and they are at "
                    + "\(max(end, before.offset)) and \(min(end, before.offset))",
                causes: chronicle.causes(
                    of: (before.ticket, before.offset), (last, end), sentBy: [client], ghost,
                    in: world))
        }
    }
}
