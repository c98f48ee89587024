import Kafka
import Kernel
import Simulation

/// One replica as the judges know it.
struct ReplicaGhost: Sendable {
    /// Its broker's process.
    let node: Int
    var chain = LogChain()
    /// It has parted from what is committed, and that has been said.
    var isDivergent = false
    /// Its broker has begun anew, and the controllers do not count on what it has before it has
    /// registered.
    var awaitsRegistration = false
}

/// Who led a partition in an epoch.
struct Reign: Sendable {
    var epoch: Int32
    var node: Int
    var at: Instant
}

/// One partition as the judges know it: every replica's log as a chain of fingerprints, the prefix
/// that leaders have declared committed, what producers and consumers were told, and what the
/// controllers have decided.
struct PartitionGhost: Sendable {
    let id: TopicIDPartition
    /// As the metadata log has it, as far as anybody has read it.
    var registration: PartitionRegistration?
    private(set) var leaderNode: Int?
    /// The processes of the ISR.
    var inSync: [Int] = []
    /// A leader has put below its high watermark what a member of this ISR lacks, and that has been
    /// said.
    var isBroken = false
    /// By process, ascending. A replica that is gone stays with what it had.
    private(set) var replicas: [ReplicaGhost] = []
    /// The longest prefix that any leader has put below its high watermark.
    var committed = CommittedLog()
    var acknowledged = AcknowledgedLog()
    var unanswered = UnansweredSends()
    /// How often acknowledged records were found to be lost.
    var losses = 0
    var appendings = Appendings()
    /// In the order of their epochs, which is not always that in which brokers hear of them.
    private(set) var reigns: [Reign] = []
    /// Where a leader has let the log begin: what lies before was deleted by right.
    private(set) var start: Int64 = 0
    /// Records before this offset have been given to a consumer.
    var consumedEnd: Int64 = 0
    /// What that was when a client began its present life, by its process.
    private var consumedBefore: [(client: Int, end: Int64)] = []
    /// What producers have written last, by the log of whoever leads.
    var sequences = SequenceGhost()
    /// Compaction has its own way with the log: batches cannot be compared.
    private(set) var isCompacted = false

    init(_ id: TopicIDPartition) {
        self.id = id
    }

    /// A client begins a new life.
    mutating func restarted(_ client: Int) {
        consumedBefore.removeAll { $0.client == client }
        consumedBefore.append((client, consumedEnd))
    }

    /// Records before this offset had been given to a consumer when this client began its life.
    func consumedEnd(beforeLifeOf client: Int) -> Int64 {
        min(consumedEnd, consumedBefore.first { $0.client == client }?.end ?? 0)
    }

    @inline(__always)
    func place(of node: Int) -> Int? { replicas.firstIndex { $0.node == node } }

    mutating func place(openedBy node: Int) -> Int {
        if let place = place(of: node) { return place }
        let place = replicas.firstIndex { $0.node > node } ?? replicas.count
        replicas.insert(ReplicaGhost(node: node), at: place)
        return place
    }

    /// Who led the epoch, as far as anybody has seen.
    func leader(of epoch: Int32) -> Reign? { reigns.last { $0.epoch == epoch } }

    mutating func begin(_ reign: Reign) {
        let place = reigns.firstIndex { $0.epoch > reign.epoch } ?? reigns.count
        reigns.insert(reign, at: place)
    }

    mutating func setDivergent(_ place: Int) { replicas[place].isDivergent = true }

    /// The replica that leads now, as the metadata log and the replica itself agree; nil: nobody
    /// knows that he leads. A broker that has begun anew reads at first that it leads as before; it
    /// takes no requests until its registration has changed that.
    @inline(__always)
    func currentLeader(in world: World) -> Int? {
        guard let registration, registration.hasLeader, let node = leaderNode,
            let place = place(of: node), world.isServing(node),
            let its = world.standing(of: id, at: node), its.isLeader,
            its.leaderEpoch == registration.leaderEpoch
        else { return nil }
        return place
    }

    /// A leader hears from the controllers what they have decided before anybody has read it in the
    /// metadata log: until somebody does, nobody else can say what the ISR is.
    @inline(__always)
    func isBehind(_ its: ReplicaStanding) -> Bool {
        registration.map { its.partitionEpoch > $0.partitionEpoch } ?? true
    }

    /// The metadata log has decided.
    mutating func register(_ new: PartitionRegistration, in world: World) {
        registration = new
        inSync = new.isr.compactMap { world.index(of: $0) }
        leaderNode = new.hasLeader ? world.index(of: new.leader) : nil
        isBroken = false
    }

    // MARK: Logs

    mutating func open(_ node: Int, from start: Int64, to end: Int64, in world: World) {
        let place = place(openedBy: node)
        isCompacted = world.standing(of: id, at: node)?.isCompacted ?? isCompacted
        replicas[place].isDivergent = false
        replicas[place].awaitsRegistration = !world.isServing(node)
        if replicas[place].chain.end > end { replicas[place].chain.truncate(to: end) }
        // A kill leaves the log as it was, a power loss leaves less: anything else is another log.
        if replicas[place].chain.end != end || replicas[place].chain.start > start
            || !isWhole(node, from: start, to: end, in: world)
        {
            rebuild(place, in: world)
        }
    }

    /// Nothing is missing in the middle or at the end; of a compacted log something may be.
    private func isWhole(
        _ node: Int, from start: Int64, to end: Int64, in world: World
    ) -> Bool {
        var next = start
        var isWhole = true
        world.forEachBatch(of: id, at: node, from: start, to: end) { batch in
            if batch.baseOffset > next { isWhole = false }
            next = batch.nextOffset
        }
        return isCompacted || (isWhole && next >= end)
    }

    mutating func append(_ node: Int, from: Int64, to: Int64, in world: World) {
        let place = place(openedBy: node)
        if replicas[place].chain.end > from { replicas[place].chain.truncate(to: from) }
        guard replicas[place].chain.end == from else { return rebuild(place, in: world) }
        let isWrittenByLeader = reigns.last?.node == node
        if isWrittenByLeader { appendings.append(from..<to, by: node, at: world.now) }
        world.forEachBatch(of: id, at: node, from: from, to: to) { batch in
            append(batch, to: place, isWrittenByLeader: isWrittenByLeader)
        }
        // The log has begun anew further on.
        if replicas[place].chain.end != to { rebuild(place, in: world) }
    }

    mutating func append(_ batch: RecordBatch, to place: Int, isWrittenByLeader: Bool) {
        let link = replicas[place].chain.append(batch)
        if isWrittenByLeader, batch.hasProducerID { sequences.observe(batch, link) }
    }

    /// This replica leads now: what a leader before it has written and its log has not was never
    /// written.
    mutating func readSequences(of place: Int, in world: World) {
        let chain = replicas[place].chain
        sequences.truncate(to: chain.end)
        guard !isCompacted, chain.isComparable, !sequences.isToldOf(in: chain) else { return }
        var anew = SequenceGhost()
        world.forEachBatch(
            of: id, at: replicas[place].node, from: chain.start, to: chain.end
        ) { batch in
            guard batch.hasProducerID, let link = chain.link(at: batch.nextOffset) else { return }
            anew.observe(batch, link)
        }
        anew.forgetRepeats()
        sequences = anew
    }

    mutating func truncate(_ node: Int, to offset: Int64) {
        let place = place(openedBy: node)
        replicas[place].chain.truncate(to: offset)
        replicas[place].isDivergent = false
    }

    /// Its broker takes requests.
    mutating func register(_ node: Int) {
        if let place = place(of: node) { replicas[place].awaitsRegistration = false }
    }

    /// A replica's log begins later. What a leader forgets, nobody is promised any more; and where
    /// a follower differed there, it does no longer.
    mutating func moveStart(_ node: Int, to offset: Int64, isLeader: Bool, in world: World) {
        let place = place(openedBy: node)
        replicas[place].chain.dropPrefix(to: offset)
        let base = replicas[place].chain.base
        if let known = link(at: base.end.offset, knownWithout: place), known != base {
            rebuild(place, in: world)
        }
        guard isLeader, offset > start else { return }
        start = offset
        committed.dropPrefix(to: offset)
        acknowledged.dropPrefix(to: offset)
    }

    /// A batch may reach over the place where the log begins since somebody deleted records; one
    /// that comes later leaves a hole at the beginning.
    private mutating func rebuild(_ place: Int, in world: World) {
        let node = replicas[place].node
        guard let its = world.standing(of: id, at: node) else { return }
        // A process that was killed has forgotten where its log begins. What leaders have let go
        // there is promised to nobody.
        let begin = min(max(its.logStart, start), its.logEnd)
        var chain: LogChain?
        world.forEachBatch(of: id, at: node, from: begin, to: its.logEnd) { batch in
            if chain == nil {
                let first = min(batch.baseOffset, begin)
                chain = self.chain(from: first, without: place)
            }
            chain!.append(batch)
        }
        replicas[place].chain = chain ?? self.chain(from: begin, without: place)
    }

    /// What the log is there by what is committed, or else by whoever led last.
    private func link(at offset: Int64, knownWithout place: Int) -> LogChain.Link? {
        if let link = committed.chain.link(at: offset) { return link }
        guard let last = reigns.last, let leader = self.place(of: last.node), leader != place,
            replicas[leader].chain.isComparable
        else { return nil }
        return replicas[leader].chain.link(at: offset)
    }

    /// A log that begins in the middle is one that another replica knows the beginning of.
    private func chain(from start: Int64, without place: Int) -> LogChain {
        if start == 0 { return LogChain() }
        if let link = committed.chain.link(at: start) { return LogChain(base: link) }
        for other in replicas.indices where other != place {
            if replicas[other].chain.isComparable,
                let link = replicas[other].chain.link(at: start)
            {
                return LogChain(base: link)
            }
        }
        return LogChain(unknownBefore: OffsetAndEpoch(start, 0))
    }

    // MARK: Comparing

    /// Whether two replicas' logs agree before `offset`, or cannot be compared there.
    @inline(__always)
    func agree(_ place: Int, _ other: Int, before offset: Int64) -> Bool {
        guard !isCompacted, replicas[place].chain.isComparable,
            replicas[other].chain.isComparable, offset > replicas[place].chain.start,
            offset > replicas[other].chain.start,
            let link = replicas[place].chain.lastLink(notAfter: offset)
        else { return true }
        return replicas[other].chain.link(at: link.end.offset) == link
    }

    /// Whether a replica has the committed records before `offset`, or nobody can know.
    @inline(__always)
    func hasCommitted(_ place: Int, before offset: Int64) -> Bool {
        guard !isCompacted, replicas[place].chain.isComparable, committed.chain.isComparable,
            offset > replicas[place].chain.start, offset > committed.chain.start,
            let link = committed.chain.lastLink(notAfter: min(offset, committed.end)),
            link.end.offset > replicas[place].chain.start
        else { return true }
        return replicas[place].chain.link(at: link.end.offset) == link
    }

    /// Up to where a replica has what is committed.
    func commonEnd(_ place: Int) -> Int64 {
        committed.chain.lastCommonEnd(with: replicas[place].chain, upTo: committed.end)
    }

    /// A leader says that everything before `offset` is committed.
    mutating func commit(_ place: Int, to offset: Int64, epoch: Int32, at now: Instant) {
        guard offset > committed.end, !isCompacted else { return }
        if committed.end < replicas[place].chain.start {
            committed.begin(at: replicas[place].chain.base)
        }
        committed.extend(
            with: replicas[place].chain, to: offset, by: replicas[place].node, in: epoch, at: now)
    }
}
