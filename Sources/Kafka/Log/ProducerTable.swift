/// Something a partition keeps of a producer.
protocol OfProducer {
    var producerID: ProducerID { get }
}

extension ProducerStateEntry: OfProducer {}
extension VerificationEntry: OfProducer {}

/// What a partition keeps of each of its producers, ascending by id.
struct ProducerTable<Entry: OfProducer & Sendable>: Sendable {
    private(set) var entries: [Entry] = []

    init() {}

    init(ascending entries: [Entry]) {
        self.entries = entries
    }

    var isEmpty: Bool { entries.isEmpty }

    subscript(_ id: ProducerID) -> Entry? {
        let index = place(of: id)
        return index < entries.count && entries[index].producerID == id ? entries[index] : nil
    }

    /// The index of the producer's entry.
    func index(of id: ProducerID) -> Int? {
        let index = place(of: id)
        return index < entries.count && entries[index].producerID == id ? index : nil
    }

    subscript(at index: Int) -> Entry {
        _read { yield entries[index] }
        // It holds as long as nobody else changes the table.
        unsafeMutableAddress { withUnsafeMutablePointer(to: &entries[index]) { $0 } }
    }

    /// Precondition: the producer has no entry yet.
    mutating func insert(_ entry: Entry) {
        entries.insert(entry, at: place(of: entry.producerID))
    }

    mutating func remove(_ id: ProducerID) {
        if let index = index(of: id) { entries.remove(at: index) }
    }

    mutating func removeAll(where matches: (Entry) -> Bool) { entries.removeAll(where: matches) }

    mutating func removeAll() { entries.removeAll() }

    private func place(of id: ProducerID) -> Int {
        lowerBound(in: entries.count) { entries[$0].producerID >= id }
    }
}
