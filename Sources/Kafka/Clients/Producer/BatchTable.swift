/// Names a batch as long as somebody holds it; then the name is given to another one.
struct BatchID: Hashable, Sendable {
    let index: Int32
}

/// All batches of a producer. Queues, requests and sequences name them by id, so that a batch is
/// changed at one place.
struct BatchTable: Sendable {
    private var batches: [ProducerBatch] = []
    private var vacant: [Int32] = []
    private var made: UInt64 = 0
    /// How many have no outcome yet.
    private(set) var incompleteCount = 0

    @inline(__always)
    subscript(id: BatchID) -> ProducerBatch {
        _read { yield batches[Int(id.index)] }
        _modify { yield &batches[Int(id.index)] }
    }

    mutating func add(_ make: (_ serial: UInt64) -> ProducerBatch) -> BatchID {
        made += 1
        incompleteCount += 1
        let batch = make(made)
        if let index = vacant.popLast() {
            batches[Int(index)] = batch
            return BatchID(index: index)
        }
        batches.append(batch)
        return BatchID(index: Int32(batches.count - 1))
    }

    /// Decides what became of a batch. Returns false if that was decided before.
    mutating func decide(_ id: BatchID, _ outcome: ProducerBatch.Outcome) -> Bool {
        if self[id].isDone { return false }
        self[id].decide(outcome)
        incompleteCount -= 1
        return true
    }

    mutating func hold(_ id: BatchID, as holder: ProducerBatch.Holders) {
        self[id].holders.insert(holder)
    }

    /// One holder less; the last one turns off the light.
    mutating func release(_ id: BatchID, as holder: ProducerBatch.Holders) {
        guard self[id].holders.contains(holder) else { return }
        self[id].holders.remove(holder)
        maybeForget(id)
    }

    mutating func maybeForget(_ id: BatchID) {
        if self[id].holders.isEmpty, !vacant.contains(id.index) { vacant.append(id.index) }
    }

    /// Those without an outcome, in the order in which they were made.
    var incomplete: [BatchID] {
        batches.indices.lazy
            .filter { !batches[$0].isDone }
            .map { BatchID(index: Int32($0)) }
            .sorted { self[$0].serial < self[$1].serial }
    }
}

/// The batches that wait for their turn at one partition, next one first.
struct BatchQueue: Sendable {
    private var ids: [BatchID] = []
    private var head = 0

    var count: Int { ids.count - head }
    var isEmpty: Bool { head == ids.count }
    var first: BatchID? { isEmpty ? nil : ids[head] }
    var last: BatchID? { isEmpty ? nil : ids[ids.count - 1] }
    var all: ArraySlice<BatchID> { ids[head...] }

    mutating func append(_ id: BatchID) { ids.append(id) }

    /// Precondition: not empty.
    mutating func removeFirst() -> BatchID {
        let id = ids[head]
        head += 1
        if head == ids.count {
            ids.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 32, head > ids.count / 2 {
            ids.removeFirst(head)
            head = 0
        }
        return id
    }

    mutating func insert(_ id: BatchID, at position: Int) {
        if position == 0, head > 0 {
            head -= 1
            ids[head] = id
        } else {
            ids.insert(id, at: head + position)
        }
    }

    mutating func remove(_ id: BatchID) {
        if let index = ids[head...].firstIndex(of: id) { ids.remove(at: index) }
        if head == ids.count {
            ids.removeAll(keepingCapacity: true)
            head = 0
        }
    }
}
