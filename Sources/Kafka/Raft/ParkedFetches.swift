import Kernel

/// A fetch that found nothing new and waits for something (`fetchPurgatory`).
struct ParkedFetch: Sendable {
    let request: RaftRequest.Fetch
    let token: ReplyToken
    let deadline: Instant
    /// What is answered if nothing comes: what was true when the fetch came, in that epoch.
    let epoch: Int32
    let highWatermark: Int64?
}

/// Fetches that wait at a leader.
struct ParkedFetches: Sendable {
    private(set) var fetches: [ParkedFetch] = []
    /// Not after the first of them runs out.
    private(set) var deadline = Instant.never

    mutating func park(_ fetch: ParkedFetch) {
        fetches.append(fetch)
        deadline = min(deadline, fetch.deadline)
    }

    /// Room for the next ones, so that waiting and being served in turn allocates nothing.
    private var spare: [ParkedFetch] = []

    mutating func takeAll() -> [ParkedFetch] {
        deadline = .never
        guard !fetches.isEmpty else { return [] }
        var taken: [ParkedFetch] = []
        swap(&taken, &fetches)
        swap(&fetches, &spare)
        return taken
    }

    mutating func giveBack(_ taken: inout [ParkedFetch]) {
        taken.removeAll(keepingCapacity: true)
        swap(&taken, &spare)
    }

    /// Those that the predicate picks; they wait no longer.
    mutating func take(where isPicked: (ParkedFetch) -> Bool) -> [ParkedFetch] {
        guard fetches.contains(where: isPicked) else { return [] }
        let taken = fetches.filter(isPicked)
        fetches.removeAll(where: isPicked)
        deadline = fetches.reduce(.never) { min($0, $1.deadline) }
        return taken
    }
}

extension RaftNode {
    /// Time is up: the old answer is given, even if this node leads no more or another epoch has
    /// begun.
    mutating func expireParkedFetches(_ turn: inout RaftTurn) {
        let now = turn.now
        for fetch in parked.take(where: { $0.deadline <= now }) {
            let response = RaftResponse(
                epoch: fetch.epoch, leader: configuration.id, endpoint: configuration.endpoint,
                body: .fetch(.init(highWatermark: fetch.highWatermark)))
            turn.effects.reply(response, to: fetch.token)
        }
    }

    /// This node resigns or follows somebody else: whoever waits should ask there.
    mutating func failParkedFetches(_ turn: inout RaftTurn) {
        for fetch in parked.takeAll() {
            let response = answer(.notLeaderOrFollower, .fetch(.init(highWatermark: nil)))
            turn.effects.reply(response, to: fetch.token)
        }
    }

    /// The leader has written something, or the high watermark has moved (KIP-1166): all who wait
    /// are served, even if there is nothing new for them (ThresholdPurgatory).
    mutating func completeParkedFetches(_ turn: inout RaftTurn) throws(RaftDeath) {
        if parked.fetches.isEmpty { return }
        var taken = parked.takeAll()
        for index in taken.indices {
            let response = try serve(taken[index].request, &turn)
            turn.effects.reply(response, to: taken[index].token)
        }
        parked.giveBack(&taken)
    }
}
