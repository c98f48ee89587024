import Kernel

/// Records that travel together to one partition (ProducerBatch, MemoryRecordsBuilder).
///
/// It is open for records, then closed for them, then built, which makes its header final; only a
/// new identity may rewrite that (`renumber`). Its outcome is decided once.
struct ProducerBatch: Sendable {
    enum Outcome: Sendable {
        case undecided
        case succeeded
        case failed
        /// Given up by the producer itself, whatever became of it.
        case aborted
        /// Its parts go on in its place.
        case split
    }

    /// Who still needs to find the batch: it is forgotten when nobody does.
    struct Holders: OptionSet, Sendable {
        let rawValue: UInt8

        /// Its outcome is open.
        static let incomplete = Holders(rawValue: 1)
        /// A request that has not ended.
        static let request = Holders(rawValue: 2)
        /// The sender's list of batches in flight.
        static let flying = Holders(rawValue: 4)
        /// The sequences of its partition.
        static let tracked = Holders(rawValue: 8)
    }

    let partition: PartitionRef
    let created: Instant
    /// Counts batches of the producer in the order in which they were made.
    let serial: UInt64
    /// How many bytes records may fill; the first may exceed it.
    let capacity: Int32
    /// Parts of a split batch are outside of the pool.
    let isFromPool: Bool
    private(set) var records: [Record] = []
    private(set) var tickets: [SendTicket] = []
    private(set) var size = RecordBatch.headerSize
    /// The most that its largest record could take, alone in a batch.
    private(set) var largestRecordBound: Int32 = 0
    private(set) var isClosedForRecords = false
    private(set) var isBuilt = false

    private(set) var attempts: Int32 = 0
    private(set) var lastAttempt: Instant
    private var lastAppend: Instant
    private(set) var isRetry = false
    private var leaderEpoch = Absent.leaderEpoch
    private var attemptsAtLeaderChange: Int32 = 0

    private(set) var identity = ProducerIdentity.none
    private(set) var baseSequence = Absent.sequence
    private(set) var isTransactional = false
    /// Its sequence was rewritten since it was last built.
    private(set) var sequenceWasReset = false

    private(set) var outcome = Outcome.undecided
    var holders: Holders = .incomplete
    /// Its memory went back to the pool.
    var isFreed = false

    init(
        partition: PartitionRef, created: Instant, serial: UInt64, capacity: Int32,
        isFromPool: Bool = true
    ) {
        self.partition = partition
        self.created = created
        self.serial = serial
        self.capacity = capacity
        self.isFromPool = isFromPool
        lastAttempt = created
        lastAppend = created
    }

    var count: Int32 { Int32(records.count) }
    var isDone: Bool { outcome != .undecided }
    var hasSequence: Bool { baseSequence != Absent.sequence }
    var isFull: Bool { isClosedForRecords || (!records.isEmpty && capacity <= size) }

    /// False if there is no room. The first record always has.
    mutating func append(_ record: Record, _ ticket: SendTicket, at now: Instant) -> Bool {
        if isFull { return false }
        let base = records.isEmpty ? record.timestamp : records[0].timestamp
        let added = sizeOfRecord(
            offsetDelta: count, timestampDelta: record.timestamp &- base,
            keySize: record.key?.size ?? -1, valueSize: record.value?.size ?? -1,
            headersSize: record.headers.isEmpty ? 1 : sizeOfHeaders(record.headers))
        if !records.isEmpty && capacity < size + added { return false }
        size += added
        largestRecordBound = max(largestRecordBound, boundOfSingleRecordBatch(record))
        records.append(record)
        records[records.count - 1].offsetDelta = Int32(records.count - 1)
        tickets.append(ticket)
        lastAppend = now
        return true
    }

    mutating func closeForRecords() { isClosedForRecords = true }

    /// The last moment before it is sent.
    mutating func build() {
        isClosedForRecords = true
        isBuilt = true
        sequenceWasReset = false
    }

    mutating func decide(_ outcome: Outcome) {
        precondition(!isDone, "a batch ends once")
        self.outcome = outcome
        holders.remove(.incomplete)
    }
}

/// Time and attempts.
extension ProducerBatch {
    func hasReached(_ deliveryTimeout: Interval, at now: Instant) -> Bool {
        deliveryTimeout <= now - created
    }

    func waited(until now: Instant) -> Interval { max(.zero, now - lastAttempt) }

    mutating func becomeRetry(at now: Instant) {
        attempts += 1
        lastAttempt = max(lastAppend, now)
        lastAppend = lastAttempt
        isRetry = true
    }

    /// Notes at which attempt a newer leader was first seen (KIP-951).
    mutating func maybeNoteLeader(epoch: Int32) {
        if epoch > leaderEpoch {
            attemptsAtLeaderChange = attempts
            leaderEpoch = epoch
        }
    }

    /// There is no point in waiting for a leader that has just taken office (KIP-951).
    var hasNewLeaderForThisRetry: Bool { attempts >= 1 && attempts == attemptsAtLeaderChange }

    func isBackingOff(_ backoff: ExponentialBackoff, at now: Instant) -> Bool {
        attempts > 0 && !hasNewLeaderForThisRetry
            && waited(until: now) < backoff.delay(after: attempts - 1)
    }
}

/// Numbers.
extension ProducerBatch {
    mutating func number(_ identity: ProducerIdentity, sequence: Int32, isTransactional: Bool) {
        self.identity = identity
        self.isTransactional = isTransactional
        baseSequence = sequence
    }

    /// Gives a batch that was already numbered another number.
    mutating func renumber(_ identity: ProducerIdentity, sequence: Int32) {
        number(identity, sequence: sequence, isTransactional: isTransactional)
        sequenceWasReset = true
    }

    /// What goes over the wire.
    var wireBatch: RecordBatch {
        RecordBatch(
            attributes: isTransactional ? .transactional : [], producerID: identity.id,
            producerEpoch: identity.epoch, baseSequence: baseSequence, records: records)
    }
}

/// What a record takes at most if a batch holds nothing else
/// (AbstractRecords.estimateSizeInBytesUpperBound). 21 bytes are the longest possible varints and
/// attributes of a record.
func boundOfSingleRecordBatch(_ record: Record) -> Int32 {
    RecordBatch.headerSize + 21 + boundOfNullable(record.key?.size ?? -1)
        + boundOfNullable(record.value?.size ?? -1)
        + (record.headers.isEmpty ? 1 : sizeOfHeaders(record.headers))
}

private func boundOfNullable(_ size: Int32) -> Int32 { sizeOfVarint(size) + max(0, size) }
