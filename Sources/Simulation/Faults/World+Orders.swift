import Kafka
import Kernel

/// What steps have clients and administrators do.
extension World {
    /// False: no producer that is meant runs.
    mutating func send(_ order: SendOrder, from target: Target, by step: Int32) -> Bool {
        var hasTold = false
        for process in aim(at: target, by: step) {
            guard let place = producer(at: process) else { continue }
            if self.order(order, of: place) { hasTold = true }
        }
        return hasTold
    }

    /// False: no client that is meant runs and can do that.
    mutating func tell(_ order: ClientOrder, to target: Target, by step: Int32) -> Bool {
        var hasTold = false
        for process in aim(at: target, by: step) where tellClient(order, process) {
            hasTold = true
        }
        return hasTold
    }

    mutating func tellClient(_ order: ClientOrder, _ process: Int) -> Bool {
        guard process >= nodes.count, processes[process].thread.isUp else { return false }
        if let place = producer(at: process) { return tell(order, producer: place) }
        guard let place = consumer(at: process) else { return false }
        return tell(order, consumer: place)
    }

    /// A client's program has come to its end by itself.
    mutating func endClient(_ process: Int) {
        guard processes[process].thread.isUp else { return }
        script.endedClients.append(process)
        note(.stopped, process)
        end(process)
    }

    /// Whether the program of this client has come to its end by itself.
    func hasEnded(_ process: Int) -> Bool { script.endedClients.contains(process) }

    // MARK: Administration

    /// False: the partition is not there, or has no replica there.
    mutating func prefer(
        _ target: Target, _ partition: TopicPartition, by step: Int32
    ) -> Bool {
        guard let process = aim(at: target, by: step).first, process < nodes.count,
            let its = registration(of: partition)
        else { return false }
        let preferred = configuration.nodes[process].id
        guard its.replicas.contains(preferred) else { return false }
        let replicas = [preferred] + its.replicas.filter { $0 != preferred }
        let name = TopicPartitions(partition.topic, [partition.partition])
        let move = AdminOrder.reassign([
            .init(partition.topic, partition.partition, to: replicas)
        ])
        return order(move, by: step) && order(.elect(.preferred, [name]), by: step)
    }

    /// False: no broker that is meant is down.
    mutating func markClean(_ target: Target, by step: Int32) -> Bool {
        var hasMarked = false
        for process in aim(at: target, by: step) {
            guard let place = broker(at: process), !processes[process].thread.isUp else { continue }
            let id = configuration.nodes[process].id
            brokers[place].storage.cleanShutdownEpoch = feed.latest?.brokers[id]?.epoch
            hasMarked = true
        }
        return hasMarked
    }
}
