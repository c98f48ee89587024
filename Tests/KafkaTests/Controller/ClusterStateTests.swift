import Kernel
import Testing

@testable import Kafka

@Suite struct ClusterStateTests {
    /// Anything that can happen to five brokers and three topics.
    private func anything(_ cluster: inout TestCluster, _ random: inout TestRandom) {
        let broker = Int32(1 + random.below(5))
        let name = ["foo", "bar.x", "bar_y"][random.below(3)]
        switch random.below(12) {
        case 0, 1: cluster.create(name, [broker, broker % 5 + 1], [broker % 5 + 1, broker])
        case 2: cluster.delete(name)
        case 3: cluster.beat(broker, wantsFence: true)
        case 4, 5: cluster.beat(broker)
        case 6: cluster.pass(beating: broker)
        case 7: cluster.fenceStale()
        case 8: cluster.register(broker, incarnation: UInt64(random.below(1_000)))
        case 9: cluster.beat(broker, offline: [cluster.directory(of: broker)])
        case 10:
            cluster.reassign(name, to: random.some([1, 2, 3, 4, 5], atLeast: 1))
            cluster.configure(.topic(name), "min.insync.replicas", "\(1 + random.below(3))")
        default:
            cluster.alter(name, isr: random.some(cluster[name].replicas.map(\.rawValue)))
            cluster.ask(.electLeaders(ElectLeadersRequest(.unclean, of: nil)))
        }
    }

    private func expectSame(_ kept: ClusterState, _ built: ClusterState) {
        for number in Int32(0)...6 {
            let broker = NodeID(number)
            #expect(kept.index.inSync(broker) == built.index.inSync(broker))
            #expect(kept.index.eligible(broker) == built.index.eligible(broker))
            #expect(kept.index.hasLeaderships(broker) == built.index.hasLeaderships(broker))
            let directory = DirectoryID(1_000 + UInt64(number))
            #expect(
                kept.index.partitions(in: directory) == built.index.partitions(in: directory))
        }
        #expect(kept.index.leaderless == built.index.leaderless)
        #expect(kept.index.imbalanced == built.index.imbalanced)
        #expect(kept.index.reassigning == built.index.reassigning)
        #expect(kept.directoryOwners == built.directoryOwners)
        #expect(kept.topicsByMetricName == built.topicsByMetricName)
    }

    @Test(arguments: [false, true])
    func `indices kept up are those built anew, but for the stale ones`(hasELR: Bool) {
        for seed in UInt64(0)..<20 {
            var random = TestRandom(seed)
            var cluster = TestCluster(
                with: [.staleELRIndex, .staleDirectoryIndex, .elrKeepsRemoved], elr: hasELR)
            cluster.boot(1...5)
            for _ in 0..<60 { anything(&cluster, &random) }
            #expect(!cluster.hasResigned)
            let built = ClusterState(cluster.image, upTo: Int64(cluster.log.count) - 1)
            expectSame(cluster.controller.state, built)
        }
    }

    @Test func `who replays the log has the image of who wrote it`() {
        var random = TestRandom(8)
        var cluster = TestCluster(elr: true)
        cluster.boot(1...5)
        for _ in 0..<200 { anything(&cluster, &random) }
        var image = MetadataImage()
        for record in cluster.log { image.apply(record) }
        #expect(image == cluster.image)
    }
}
