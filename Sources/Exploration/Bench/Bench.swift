/// All that `samsa bench` can measure, by name.
public struct Bench: Sendable {
    public var name: String
    /// What it measures, for a person who chooses.
    public var summary: String
    let measure: @Sendable (Effort, Stopwatch) -> [Figure]

    /// How much work a measurement may do.
    public enum Effort: Int, Comparable, Sendable {
        case quick, normal, full

        public static func < (left: Effort, right: Effort) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    public func run(_ effort: Effort, _ stopwatch: Stopwatch) -> [Figure] {
        measure(effort, stopwatch)
    }

    public static let all: [Bench] = [
        Bench(
            name: "event-queue", summary: "pop and push at 1,024 pending events",
            measure: measureEventQueue),

        // One machine each, without a world around it.
        Bench(
            name: "log-append", summary: "a batch from an idempotent producer onto a leader's log",
            measure: measureLogAppends),
        Bench(
            name: "log-fetch", summary: "a fetch of one batch, anywhere in the log",
            measure: measureLogFetches),
        Bench(
            name: "log-fork", summary: "a copy of a log and one append to it",
            measure: measureLogForks),
        Bench(
            name: "replicas",
            summary: "a leader's broker: a batch in, a batch out, a copy of it and one batch in",
            measure: measureReplicas),
        Bench(
            name: "replica-alter-partition",
            summary: "a change of an ISR on its leader: noticed, proposed, answered, applied",
            measure: measureISRChanges),
        Bench(
            name: "follower", summary: "a turn of a fetcher, idle or with one batch to append",
            measure: measureFollowers),
        Bench(
            name: "producer", summary: "a record from its send to its callback",
            measure: measureProducer),
        Bench(
            name: "controller-heartbeat", summary: "a broker's sign of life",
            measure: measureHeartbeats),
        Bench(
            name: "controller-alter-partition",
            summary: "a change of an ISR, from the request to the answer after its commit",
            measure: measureAlterPartition),

        // Worlds.
        Bench(
            name: "raft-messages", summary: "a quorum of three under full load, all checks on",
            measure: measureRaftMessages),
        Bench(
            name: "raft-flatness", summary: "cost of an event as a run grows",
            measure: measureFlatness),
        Bench(
            name: "fork", summary: "a copy of a world and one event in it",
            measure: measureForks),
        Bench(
            name: "chaos", summary: "30 virtual seconds of a quorum in trouble, all checks on",
            measure: measureChaos),
        Bench(
            name: "cluster-messages",
            summary: "three brokers and three controllers under load with faults, all checks on",
            measure: measureClusterMessages),
        Bench(
            name: "cluster-flatness", summary: "cost of an event of a cluster as a run grows",
            measure: measureClusterFlatness),
        Bench(
            name: "cluster-chaos",
            summary: "30 virtual seconds of a cluster in trouble, all checks on",
            measure: measureClusterChaos),
        Bench(
            name: "cluster-quiet", summary: "virtual time of a cluster that nobody writes to",
            measure: measureQuietCluster),
        Bench(
            name: "cluster-large",
            summary: "virtual time of a hundred brokers with ten thousand partitions under load",
            measure: measureLargeCluster),
        Bench(
            name: "cluster-fork", summary: "a copy of a cluster and one event in it",
            measure: measureClusterForks),
    ]
}
