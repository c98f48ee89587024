/// A call of the program that ends when the sender has done its part.
public enum ProducerCall: Sendable {
    case initTransactions
    case commitTransaction
    case abortTransaction
    case sendOffsets
}

/// Names the outcome that a call waits for (TransactionalRequestResult).
struct CallID: Hashable, Sendable {
    let rawValue: Int32
}

/// The outcomes that somebody still waits for or may ask about.
struct CallOutcomes: Sendable {
    struct Entry: Sendable {
        let id: CallID
        var isComplete = false
        var error: ClientError?
        /// The program has been told.
        var isAcknowledged = false
    }

    private var entries: [Entry] = []
    private var made: Int32 = 0

    mutating func begin(keeping isNeeded: (CallID) -> Bool) -> CallID {
        entries.removeAll { !isNeeded($0.id) }
        made += 1
        let id = CallID(rawValue: made)
        entries.append(Entry(id: id))
        return id
    }

    subscript(id: CallID) -> Entry {
        entries.first { $0.id == id } ?? Entry(id: id)
    }

    private mutating func change(_ id: CallID, _ change: (inout Entry) -> Void) {
        if let index = entries.firstIndex(where: { $0.id == id }) { change(&entries[index]) }
    }

    mutating func complete(_ id: CallID) {
        change(id) { $0.isComplete = true }
    }

    mutating func fail(_ id: CallID, _ error: ClientError) {
        change(id) {
            $0.isComplete = true
            $0.error = error
        }
    }

    mutating func acknowledge(_ id: CallID) {
        change(id) { $0.isAcknowledged = true }
    }
}
