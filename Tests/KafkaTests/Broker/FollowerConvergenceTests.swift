import Kernel
import Testing

@testable import Kafka

/// Whatever befell the leaders, once one of them stays, everybody's log becomes its log: with many
/// partitions in one session, unclean elections, lost answers and refused ones.
@Suite struct FollowerConvergenceTests {
    private static let partitions: Int32 = 7

    private func trouble(_ scene: inout FollowerScene, _ random: inout TestRandom) {
        var epoch: Int32 = 0
        for _ in 0..<80 {
            let broker = Int32(random.below(3)) + 1
            switch random.below(10) {
            case 0:
                epoch += 1
                let told: [Int32] = (1...3).filter { _ in random.chance(2, in: 3) }
                let partition = Int32(random.below(Int(Self.partitions)))
                scene.lead(broker, epoch: epoch, isr: [broker], partition: partition, told: told)
            case 1...4:
                let partition = Int32(random.below(Int(Self.partitions)))
                scene.produce(broker, 1 + random.below(3), partition: partition)
            case 5:
                let errors: [KafkaError?] = [nil, .notLeaderOrFollower, .kafkaStorageError]
                scene.nextAnswers.append((broker, errors[random.below(3)]))
            case 6: scene.pass(Int64(random.below(1_500)))
            default: scene.turn(broker)
            }
        }
        scene.nextAnswers = []
        for partition in 0..<Self.partitions {
            epoch += 1
            let leader = Int32(random.below(3)) + 1
            scene.lead(leader, epoch: epoch, isr: [leader], partition: partition)
            scene.produce(leader, 1, partition: partition)
        }
    }

    @Test(arguments: 0..<20, [true, false])
    func `all logs become the leader's`(seed: UInt64, truncatesOnFetch: Bool) {
        var random = TestRandom(seed)
        var scene = FollowerScene(
            brokers: 3, partitions: Self.partitions,
            without: truncatesOnFetch ? [] : [.truncationOnFetch]
        ) { $0.threadsPerLeader = seed % 2 == 0 ? 1 : 2 }
        scene.lead(1, epoch: 0)
        trouble(&scene, &random)
        for _ in 0..<30 {
            scene.pass(1_000)
            for broker: Int32 in 1...3 { scene.turn(broker) }
        }
        for partition in 0..<Self.partitions {
            let logs = (1...3).map { Int32($0) }.map { scene.batches($0, partition) }
            #expect(!logs[0].isEmpty)
            #expect(logs[0] == logs[1] && logs[1] == logs[2], "partition \(partition)")
            let ends = (1...3).map { scene.log(Int32($0), partition).highWatermark }
            #expect(Set(ends).count == 1 && ends[0] == scene.log(1, partition).endOffset)
        }
    }

    @Test func `a thread with nothing to do names no partition`() {
        var scene = FollowerScene(partitions: Self.partitions)
        scene.lead(1, epoch: 0)
        for _ in 0..<3 { scene.turn(2) }
        scene.begin(2)
        guard case .fetch(let idle) = scene.onTheWay[0].request else {
            Issue.record("it does not fetch")
            return
        }
        #expect(!idle.session.isFull)
        #expect(idle.partitions.isEmpty && idle.forgotten.isEmpty)
        scene.deliver(2)
        scene.produce(1, 1, partition: 3)
        scene.turn(2)
        scene.begin(2)
        guard case .fetch(let next) = scene.onTheWay[0].request else { return }
        #expect(next.partitions.map(\.partition.partition) == [3])
    }

    @Test func `an answer to a thread that has ended finds nobody`() {
        var scene = FollowerScene(brokers: 3)
        scene.lead(1, epoch: 0)
        scene.produce(1, 2)
        scene.begin(3)
        let old = scene.onTheWay[0]
        scene.lead(2, epoch: 1)
        #expect(scene.onTheWay.isEmpty)
        scene.lead(1, epoch: 2)
        scene.begin(3)
        let reply = FetchPartitionReply(scene.id(0), .fencedLeaderEpoch)
        scene.tellFetchers(
            3, .answer(.fetch(FetchReply(partitions: [reply])), old.fetcher, old.ticket))
        #expect(!scene.hasFailed(3))
        scene.deliver(3)
        #expect(scene.log(3).endOffset == 2)
    }
}
