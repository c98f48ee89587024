import Kafka
import Kernel

/// What the proposers of a world have done.
struct Workload: Sendable {
    /// By proposer: what it has proposed.
    var proposed: [Int64]
    /// The number of the next record, over all proposers, so that each record is unlike all others.
    var nextItem: Int64 = 0

    init(_ proposers: [ProposerConfiguration]) {
        proposed = Array(repeating: 0, count: proposers.count)
    }
}

/// The state machine on each process: it proposes, applies, and writes snapshots.
extension World {
    /// What the node tells its state machine.
    mutating func tell(_ news: RaftNews, _ process: Int) {
        for lane in seating.lanes(of: process) {
            switch lanes[lane].seat {
            case .controller(let place): tell(news, controller: place, lane)
            case .broker(let place): tell(news, broker: place, lane)
            default: break
            }
        }
        switch news {
        case .committed(let batches):
            processes[process].machine.apply(batches)
            considerSnapshot(process)
            if processes[process].machine.leading != nil { topUp(process) }
        case .leaderChange(let leader, let epoch):
            let leads = leader == configuration.nodes[process].id
            if leads, processes[process].machine.leading == epoch { return }
            processes[process].machine.lead(leads ? epoch : nil)
            if leads { topUp(process) }
        case .loadSnapshot(let snapshot):
            processes[process].machine.load(snapshot)
            note(.loadedSnapshot(snapshot.id), process)
        case .loadBootstrap: break
        }
    }

    /// A call that the state machine made has ended.
    mutating func returnCall(_ result: RaftCallResult, _ process: Int) {
        if let lane = seating.controllerLane(in: process),
            case .controller(let place) = lanes[lane].seat
        {
            tell(result, controller: place, lane)
        }
        guard case .snapshotCreated(true) = result else { return }
        let end = processes[process].machine.applied
        note(.wroteSnapshot(end), process)
        enqueue(.deleteBeforeSnapshot(end), process)
    }

    /// A pace without pipeline: one batch each time, on whoever believes that it leads.
    mutating func propose(_ proposer: Int) {
        fingerprint.combine(UInt64(proposer) << 8 | 4)
        let settings = configuration.proposers[proposer]
        guard settings.pipelined == nil, now <= settings.until else { return }
        for process in processes.indices
        where processes[process].machine.leading != nil && !processes[process].thread.isPaused {
            propose(settings, proposer, process)
            if processes[process].thread.isFree { workOff(process) }
        }
        if let limit = settings.records, workload.proposed[proposer] >= limit { return }
        queue.schedule(.propose(Int32(proposer)), at: now + settings.every)
    }

    /// One batch of a proposer's, behind what the process has to do already.
    mutating func propose(_ settings: ProposerConfiguration, _ proposer: Int, _ process: Int) {
        guard processes[process].thread.isUp,
            let epoch = processes[process].machine.leading
        else { return }
        let count = settings.batchRecords
        let proposal = RaftProposal(
            epoch: epoch, count: count, firstItem: workload.nextItem,
            sizeInBytes: 61 + count * settings.recordBytes)
        workload.nextItem += Int64(count)
        if proposer >= 0 { workload.proposed[proposer] += Int64(count) }
        processes[process].machine.proposedRecords += Int64(count)
        enqueue(.append(proposal), process)
    }

    /// Keeps as many batches uncommitted as a pipelined proposer wants.
    private mutating func topUp(_ process: Int) {
        for proposer in configuration.proposers.indices {
            let settings = configuration.proposers[proposer]
            guard let pipelined = settings.pipelined, now >= settings.from,
                now <= settings.until
            else { continue }
            let wanted = Int64(pipelined) * Int64(settings.batchRecords)
            let machine = processes[process].machine
            var outstanding = machine.proposedRecords - machine.committedRecords
            while outstanding < wanted {
                if let limit = settings.records, workload.proposed[proposer] >= limit { break }
                propose(settings, proposer, process)
                outstanding += Int64(settings.batchRecords)
            }
        }
    }

    private mutating func considerSnapshot(_ process: Int) {
        guard let policy = configuration.snapshots else { return }
        let machine = processes[process].machine
        guard machine.applied.offset - machine.snapshotEnd >= policy.everyRecords else { return }
        writeSnapshot(sizeInBytes: policy.sizeInBytes, process)
    }

    mutating func writeSnapshot(sizeInBytes: Int64, _ process: Int) {
        let machine = processes[process].machine
        processes[process].machine.snapshotEnd = machine.applied.offset
        enqueue(
            .createSnapshot(
                id: machine.applied, sizeInBytes: sizeInBytes,
                stateFingerprint: machine.state),
            process)
    }

    private mutating func enqueue(_ input: RaftInput, _ process: Int) {
        processes[process].enqueue(.command(parcels.add(input)))
    }
}
