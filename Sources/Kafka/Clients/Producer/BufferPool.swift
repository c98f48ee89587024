/// The memory in which a producer may keep records (`buffer.memory`, BufferPool), counted and not
/// held. Buffers of `batch.size` go back to a free list; from others only their bytes do.
///
/// Who comes when there is not enough waits in line, and takes what is given back piece by piece.
struct BufferPool: Sendable {
    enum Allocation {
        case granted
        /// More than there ever is.
        case neverFits
        case short
    }

    private let total: Int64
    private let poolableSize: Int32
    private var pooled: Int64 = 0
    private var unpooled: Int64
    private(set) var waiting: [BlockedSend] = []
    private(set) var isClosed = false
    /// The first in line was told to look: it takes nothing before.
    private var isSignalled = false

    init(total: Int64, poolableSize: Int32) {
        self.total = total
        self.poolableSize = poolableSize
        unpooled = total
    }

    var available: Int64 { unpooled + pooled * Int64(poolableSize) }

    mutating func allocate(_ size: Int32) -> Allocation {
        if Int64(size) > total { return .neverFits }
        if size == poolableSize, pooled > 0 {
            pooled -= 1
            maybeSignal()
            return .granted
        }
        if available < Int64(size) { return .short }
        freeUp(Int64(size))
        unpooled -= Int64(size)
        maybeSignal()
        return .granted
    }

    /// Who has done with the pool tells the first in line of what is left.
    private mutating func maybeSignal() {
        if !waiting.isEmpty, available > 0 { isSignalled = true }
    }

    mutating func free(_ size: Int32) {
        if size == poolableSize { pooled += 1 } else { unpooled += Int64(size) }
        if !waiting.isEmpty { isSignalled = true }
    }

    mutating func wait(_ send: BlockedSend) { waiting.append(send) }

    /// The first in line if there is now enough for it. If there is not, it keeps what there is.
    mutating func nextUnblocked() -> BlockedSend? {
        guard !waiting.isEmpty else { return nil }
        if isClosed {
            unpooled += waiting[0].accumulated
            return waiting.removeFirst()
        }
        guard isSignalled else { return nil }
        isSignalled = false
        let size = Int64(waiting[0].size)
        if waiting[0].accumulated == 0, waiting[0].size == poolableSize, pooled > 0 {
            pooled -= 1
            return removeFirst()
        }
        let missing = size - waiting[0].accumulated
        freeUp(missing)
        let got = min(missing, unpooled)
        unpooled -= got
        waiting[0].accumulated += got
        if waiting[0].accumulated < size { return nil }
        return removeFirst()
    }

    private mutating func removeFirst() -> BlockedSend {
        let send = waiting.removeFirst()
        maybeSignal()
        return send
    }

    /// Nil if it does not wait (any more).
    mutating func giveUp(_ ticket: SendTicket) -> BlockedSend? {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        let send = waiting.remove(at: index)
        unpooled += send.accumulated
        maybeSignal()
        return send
    }

    mutating func close() { isClosed = true }

    private mutating func freeUp(_ size: Int64) {
        while pooled > 0, unpooled < size {
            pooled -= 1
            unpooled += Int64(poolableSize)
        }
    }
}

/// A call of `send` that waits for memory.
struct BlockedSend: Sendable {
    let ticket: SendTicket
    let record: Record
    let destination: RecordDestination
    /// What it needs.
    let size: Int32
    /// What it has got so far.
    var accumulated: Int64 = 0
}
