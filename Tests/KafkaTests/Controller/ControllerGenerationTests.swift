import Kernel
import Testing

@testable import Kafka

/// Each fix of the controller's, off and on.
@Suite struct ControllerGenerationTests {
    @Test(arguments: [false, true])
    func `KAFKA-19522: only a living last known leader is elected`(isFixed: Bool) {
        var cluster = TestCluster(
            without: isFixed ? [] : [.lastKnownLeaderIsActive], elr: true)
        cluster.boot(1...3)
        cluster.create("foo", [1, 2])
        cluster.pass(beating: 1, 3)
        cluster.fenceStale()
        cluster.pass(beating: 3)
        cluster.fenceStale()
        // Both come back with disks that may have lost something, and 2 is heard of.
        cluster.register(1, incarnation: 11)
        cluster.register(2, incarnation: 12)
        cluster.beat(2)
        #expect(cluster["foo"].lastKnownELR == (isFixed ? nodes(1) : []))
        #expect(cluster["foo"].leader == (isFixed ? .noLeader : NodeID(1)))
    }

    @Test(arguments: [false, true])
    func `KAFKA-13173: of brokers that expire together each is fenced on its own`(isFixed: Bool) {
        var cluster = TestCluster(without: isFixed ? [] : [.fenceOneBrokerAtATime])
        cluster.boot(1...3)
        cluster.create("foo", [1, 2, 3])
        cluster.pass(beating: 3)
        cluster.send(.timer(.fenceStaleBroker))
        if isFixed { cluster.send(.timer(.fenceStaleBroker)) }
        #expect(cluster.image.brokers[NodeID(1)]?.isFenced == true)
        #expect(cluster.image.brokers[NodeID(2)]?.isFenced == true)
        let leader = cluster["foo"].leader
        #expect(cluster.image.isActive(leader) == isFixed)
    }

    @Test(arguments: [false, true])
    func `KAFKA-14154: a leader from ahead is told to look for another controller`(isFixed: Bool) {
        var cluster = TestCluster(without: isFixed ? [] : [.requestsFromAheadOfController])
        cluster.boot(1...2)
        cluster.create("foo", [1, 2])
        let reply = cluster.alter("foo", isr: [1], leaderEpoch: 5)
        let error: KafkaError = isFixed ? .notController : .fencedLeaderEpoch
        #expect(reply == .alterPartition([.failed(error)]))
    }

    @Test(arguments: [false, true])
    func `elr-keeps-removed: who was reassigned away is not eligible`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.elrKeepsRemoved] : [], elr: true)
        cluster.boot(1...2)
        cluster.create("foo", [1, 2])
        cluster.reassign("foo", to: [2])
        #expect(cluster["foo"].elr == (isFixed ? [] : nodes(1)))
        cluster.pass(beating: 1)
        cluster.register(2, incarnation: 12)
        cluster.beat(2)
        #expect(cluster["foo"].leader == (isFixed ? NodeID(2) : .noLeader))
    }

    @Test(arguments: [false, true])
    func `unregistered-in-elr: a broker that is gone is not eligible`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.unregisteredInELR] : [], elr: true)
        cluster.boot(1...2)
        cluster.create("foo", [1, 2])
        cluster.ask(.unregisterBroker(NodeID(2)))
        #expect(cluster["foo"].isr == nodes(1))
        #expect(cluster["foo"].elr == (isFixed ? [] : nodes(2)))
    }

    @Test(arguments: [false, true])
    func `replaced-reassignment: the new lists take the place of the old`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.replacedReassignment] : [])
        cluster.boot(1...3)
        cluster.create("foo", [1, 2])
        cluster.reassign("foo", to: [3, 2])
        cluster.reassign("foo", to: [1, 2, 3])
        cluster.alter("foo", isr: [1, 2, 3])
        #expect(cluster["foo"].replicas == (isFixed ? nodes(1, 2, 3) : nodes(2, 3)))
        #expect(!cluster["foo"].isReassigning)
    }

    @Test(arguments: [false, true])
    func `stale-elr-index: a deleted topic cannot stop the controller`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.staleELRIndex] : [], elr: true)
        cluster.boot(1...3)
        cluster.create("foo", [1, 2])
        cluster.alter("foo", isr: [1])
        #expect(cluster["foo"].elr == nodes(2))
        cluster.configure(.topic("foo"), "min.insync.replicas", "1")
        #expect(cluster["foo"].elr == [])
        cluster.delete("foo")
        cluster.pass(beating: 1, 3)
        let reply = cluster.register(2, incarnation: 12)
        #expect(cluster.hasResigned != isFixed)
        #expect((reply == .failed(.unknownServerError)) != isFixed)
    }

    @Test(arguments: [false, true])
    func `stale-directory-index: nor can its directory`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.staleDirectoryIndex] : [], elr: true)
        cluster.boot(1...2)
        cluster.create("foo", [1])
        cluster.pass(beating: 2)
        cluster.fenceStale()
        #expect(cluster["foo"].isr == [])
        cluster.delete("foo")
        cluster.beat(1)
        cluster.beat(1, offline: [cluster.directory(of: 1)])
        #expect(cluster.hasResigned != isFixed)
    }

    @Test(arguments: [false, true])
    func `min-isr-not-a-number: the cluster's min ISR is a number`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.minISRNotANumber] : [])
        cluster.boot(1...2)
        cluster.create("foo", [1, 2])
        let reply = cluster.configure(.cluster, "min.insync.replicas", "two")
        #expect(reply == .outcomes([isFixed ? .invalidConfig : .none]))
        cluster.pass(beating: 2)
        cluster.fenceStale()
        #expect((cluster.lastFailedTask == .fenceStaleBroker) != isFixed)
        #expect((cluster.image.brokers[NodeID(1)]?.isFenced == true) == isFixed)
        cluster.alter("foo", isr: [1])
        #expect(cluster.hasResigned != isFixed)
    }

    @Test(arguments: [false, true])
    func `all-dirs-lost: a broker that has lost all directories leads nothing`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.allDirectoriesLost] : [])
        cluster.boot(1...2)
        cluster.create("foo", [1, 2])
        cluster.beat(1, offline: [cluster.directory(of: 1)])
        cluster.alter("foo", isr: [2, 1])
        cluster.send(.timer(.balanceLeaders))
        #expect(cluster["foo"].leader == NodeID(isFixed ? 2 : 1))
        cluster.beat(1, offline: [cluster.directory(of: 1)])
        #expect(cluster.written.isEmpty == isFixed)
    }

    @Test(arguments: [false, true])
    func `replication-factor-of-any: partition 0 says how many replicas`(isFixed: Bool) {
        var cluster = TestCluster(with: isFixed ? [.replicationFactorOfAny] : [])
        cluster.boot(1...4)
        cluster.create("foo", [1, 2], [2, 3], [3])
        // Refused, because by hand all have as many; so one is reassigned.
        #expect(cluster.image.topic(named: "foo") == nil)
        cluster.create("foo", [1, 2], [2, 3], [3, 4])
        let partition = AlterPartitionReassignmentsRequest.Partition("foo", 2, to: nodes(3))
        cluster.ask(.alterReassignments(AlterPartitionReassignmentsRequest([partition])))
        cluster.ask(.createPartitions(CreatePartitionsRequest([.init("foo", count: 4)])))
        let new = cluster.image.topic(named: "foo")?.partitions[3]
        #expect(new?.replicas.count == (isFixed ? 2 : 1))
    }
}
