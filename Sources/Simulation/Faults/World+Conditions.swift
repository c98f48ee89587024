import Kafka
import Kernel

/// Whether conditions hold.
extension World {
    /// Whether a condition holds now. A target that means several must all meet it, unless it says
    /// `any`; a target that means nobody meets nothing.
    public func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .hasController: controller != nil
        case .role(let target, let role):
            holds(for: target) { $0.thread.isUp && $0.summary.role == role }
        case .epoch(let target, let epoch): holds(for: target) { $0.summary.epoch >= epoch }
        case .logEnd(let target, let end): holds(for: target) { $0.summary.logEnd >= end }
        case .highWatermark(let target, let offset):
            holds(for: target) { ($0.summary.highWatermark ?? -1) >= offset }
        case .isRunning(let target): holds(for: target) { $0.thread.isUp }
        case .isDown(let target): holds(for: target) { !$0.thread.isUp }
        case .same(let one, let other): areSame(one, other)
        case .among(let some, let all): holdsOfPlace(some) { means(all, $0) }
        case .size(let target, let count): processes.indices.count { means(target, $0) } == count
        case .exists(let partition): registration(of: partition) != nil
        case .hasLeader(let partition): registration(of: partition)?.hasLeader ?? false
        case .leaderEpoch(let partition, let epoch):
            (registration(of: partition)?.leaderEpoch ?? -1) >= epoch
        case .replica(let partition, let measure, let target, let least):
            holdsOfPlace(target ?? .leader(partition)) {
                value(of: measure, of: partition, on: $0) ?? -1 >= least
            }
        case .isFenced(let target): holdsOfPlace(target) { isFenced($0) }
        case .tally(let target, let count, let least):
            holdsOfPlace(target) { tally(of: $0)[count] >= least }
        case .isDone(let target): holdsOfPlace(target) { isDone($0) }
        case .isPastEnd(let target, let partition):
            holdsOfPlace(target) { lag(of: $0, in: partition) ?? 0 < 0 }
        case .not(let condition): !holds(condition)
        case .all(let conditions): conditions.allSatisfy { holds($0) }
        case .any(let conditions): conditions.contains { holds($0) }
        }
    }

    private func holds(for target: Target, _ predicate: (borrowing Process) -> Bool) -> Bool {
        holdsOfPlace(target) { predicate(processes[$0]) }
    }

    private func holdsOfPlace(_ target: Target, _ predicate: (Int) -> Bool) -> Bool {
        if case .any = target {
            return processes.indices.contains { means(target, $0) && predicate($0) }
        }
        var isAnybody = false
        for place in processes.indices where means(target, place) {
            if !predicate(place) { return false }
            isAnybody = true
        }
        return isAnybody
    }

    /// `any broker` is the same as another target if one of them is.
    private func areSame(_ one: Target, _ other: Target) -> Bool {
        switch (one, other) {
        case (.any, _): return processes.indices.contains { means(one, $0) && means(other, $0) }
        case (_, .any): return holdsOfPlace(one) { means(other, $0) }
        default:
            var isAnybody = false
            for place in processes.indices {
                let isMeant = means(one, place)
                if isMeant != means(other, place) { return false }
                isAnybody = isAnybody || isMeant
            }
            return isAnybody
        }
    }

    // MARK: Brokers

    /// Nil: the process is down, or has no such replica.
    private func value(
        of measure: Condition.ReplicaMeasure, of partition: TopicPartition, on process: Int
    ) -> Int64? {
        guard let place = broker(at: process), processes[process].thread.isUp,
            let id = id(of: partition), let replica = brokers[place].broker.replicas[id]
        else { return nil }
        return switch measure {
        case .logStart: replica.log.logStartOffset
        case .logEnd: replica.log.endOffset
        case .highWatermark: replica.log.highWatermark
        }
    }

    private func isFenced(_ process: Int) -> Bool {
        guard process < nodes.count, let image = feed.latest,
            let its = image.brokers[configuration.nodes[process].id]
        else { return false }
        return its.isFenced
    }

    // MARK: Clients

    /// What has befallen a client since the run began.
    public func tally(of process: Int) -> ClientTally {
        let place = process - nodes.count
        return tallies.indices.contains(place) ? tallies[place] : ClientTally()
    }

    /// As its program would be told (Consumer.currentLag).
    private func lag(of process: Int, in partition: TopicPartition) -> Int64? {
        guard let place = consumer(at: process), let id = id(of: partition) else { return nil }
        return consumers[place].consumer.lag(in: id)
    }

    private func isDone(_ process: Int) -> Bool {
        guard let place = producer(at: process), producers[place].nextTicket > 0 else {
            return false
        }
        return producers[place].unanswered <= 0 && producers[place].jobs.allSatisfy(\.isDone)
    }
}
