import Kernel

/// Where a leader gathers records until they are written as batches (BatchAccumulator).
///
/// Records prepared for one call of `append` stay in one batch; a batch is closed when the linger
/// has passed, when it is full, or when a control batch must follow it. What was prepared but not
/// scheduled is held back, and with it all that comes after it.
struct RaftAccumulator: Sendable {
    /// What a batch costs besides its records (RecordBatch.RECORD_BATCH_OVERHEAD).
    static let batchOverhead: Int32 = 61
    /// MAX_BATCH_SIZE_BYTES
    private static let maxBatchBytes: Int32 = 8 * 1_024 * 1_024
    /// MAX_NUMBER_OF_BATCHES: the state machine is told to stop when so many wait.
    private static let maxWaitingBatches = 10

    private let epoch: Int32
    private let linger: Interval
    private var nextOffset: Int64
    private var open: RaftBatch?
    private var closed: [RaftBatch] = []
    /// Batches that reach to this offset or beyond are held back.
    private var drainLimit = Int64.max
    private var lingerEnd = Instant.never
    /// When there is something to write: in the past if there is now.
    private(set) var drainTime = Instant.never
    /// A control batch closed the open one already; the next drain closes nothing.
    private var hasForcedDrain = false

    init(epoch: Int32, baseOffset: Int64, linger: Interval) {
        self.epoch = epoch
        self.linger = linger
        nextOffset = baseOffset
    }

    /// Takes records; returns the offset of the last one.
    mutating func append(
        _ proposal: RaftProposal, at now: Instant
    ) -> Result<Int64, RaftCallResult.Refusal> {
        if proposal.epoch < epoch { return .failure(.notLeader) }
        if proposal.epoch > epoch { return .failure(.illegalArgument) }
        if closed.count >= Self.maxWaitingBatches { return .failure(.illegalState) }
        if proposal.count <= 0 { return .failure(.illegalArgument) }
        if drainLimit == .max { drainLimit = nextOffset }
        if !extend(with: proposal) {
            close()
            open = RaftBatch(
                baseOffset: nextOffset, count: proposal.count, epoch: epoch,
                sizeInBytes: Self.batchOverhead + proposal.sizeInBytes,
                content: .data(firstItem: proposal.firstItem))
        }
        nextOffset += Int64(proposal.count)
        if lingerEnd == .never { lingerEnd = now + linger }
        setDrainTime()
        return .success(nextOffset - 1)
    }

    /// Adds to the open batch, if the records follow those in it and fit.
    private mutating func extend(with proposal: RaftProposal) -> Bool {
        guard let batch = open, case .data(let firstItem) = batch.content,
            firstItem + Int64(batch.count) == proposal.firstItem,
            Int64(batch.sizeInBytes) + Int64(proposal.sizeInBytes) <= Int64(Self.maxBatchBytes)
        else { return false }
        open?.count += proposal.count
        open?.sizeInBytes += proposal.sizeInBytes
        return true
    }

    /// Closes what was gathered and puts a control batch behind it; returns its last offset.
    mutating func append(control records: [RaftControlRecord]) -> Int64 {
        close()
        lingerEnd = .never
        hasForcedDrain = true
        closed.append(
            RaftBatch(
                baseOffset: nextOffset, count: Int32(records.count), epoch: epoch,
                sizeInBytes: Self.batchOverhead + controlSize(records), content: .control(records)))
        nextOffset += Int64(records.count)
        setDrainTime()
        return nextOffset - 1
    }

    /// What was prepared may be written.
    mutating func allowDrain() {
        drainLimit = .max
        setDrainTime()
    }

    private mutating func setDrainTime() {
        let isReady = !closed.isEmpty && closed[0].endOffset - 1 < drainLimit
        drainTime = isReady ? .zero : lingerEnd
    }

    /// What is to be written now.
    mutating func drain() -> [RaftBatch] {
        defer { setDrainTime() }
        if !hasForcedDrain {
            close()
            lingerEnd = .never
        }
        hasForcedDrain = false
        guard let held = closed.firstIndex(where: { $0.endOffset - 1 >= drainLimit }) else {
            defer { closed.removeAll() }
            return closed
        }
        let batches = Array(closed[..<held])
        closed.removeFirst(held)
        return batches
    }

    private mutating func close() {
        if let batch = open { closed.append(batch) }
        open = nil
    }

    /// Roughly as Kafka encodes them.
    private func controlSize(_ records: [RaftControlRecord]) -> Int32 {
        records.reduce(0) { sum, record in
            switch record {
            case .leaderChange(_, let voters, let grantedBy):
                sum + 26 + 4 * Int32(voters.count + grantedBy.count)
            case .kraftVersion: sum + 16
            case .voters(let set): sum + 16 + 50 * Int32(set.count)
            }
        }
    }
}
