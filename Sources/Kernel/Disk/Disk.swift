/// A file on a disk, by a number of its owner's.
public struct FileID: Comparable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (left: FileID, right: FileID) -> Bool { left.rawValue < right.rawValue }
}

/// One process's disk and the page cache before it, without content: how much of each file has been
/// written, and how much of that has reached the disk.
///
/// A killed process finds everything that it wrote. A power loss takes what had not been flushed,
/// or some of it; a batch may be torn. A flush that lies reports success and moves nothing.
/// Truncating is taken to be ordered before later writes, as journaling file systems do.
public struct Disk: Sendable {
    struct File: Hashable, Sendable {
        var id: FileID
        var written: Int64
        /// Invariant: durable <= written.
        var durable: Int64
        /// What the last flush that was begun covers.
        var flushing: Int64
    }

    /// What is left of a file after a power loss.
    public struct Remains: Hashable, Sendable {
        public var file: FileID
        /// How many of its bytes.
        public var bytes: Int64
        /// How many it had.
        public var had: Int64
    }

    /// Of a flush, in nanoseconds.
    let latency: Distribution
    /// Sorted by id.
    var files: [File] = []
    /// How many flushes have begun: the ordinal of the next one's luck.
    var flushes: UInt32 = 0
    /// When the disk has done what it was asked to do before.
    var freeAt = Instant.earliest
    /// Every flush takes this much longer.
    public var slowBy = Interval.zero
    /// Nothing more can be written.
    public var isFull = false
    /// Flushes report success and do nothing.
    public var lies = false

    public init(latency: Distribution) {
        self.latency = latency
    }

    /// Bytes at the end of a file, in the page cache. False: the disk is full.
    public mutating func write(_ bytes: Int64, to id: FileID) -> Bool {
        if isFull { return false }
        files[place(of: id)].written += bytes
        return true
    }

    /// A small file is written anew as a whole. Its versions count as its bytes.
    public mutating func replace(_ id: FileID) -> Bool {
        write(1, to: id)
    }

    /// Bytes go from the end of a file.
    public mutating func cut(_ bytes: Int64, from id: FileID) {
        let place = place(of: id)
        let left = max(0, files[place].written - bytes)
        files[place].written = left
        files[place].durable = min(files[place].durable, left)
        files[place].flushing = min(files[place].flushing, left)
    }

    /// The file's oldest bytes are deleted.
    public mutating func dropPrefix(_ id: FileID, bytes: Int64) {
        let place = place(of: id)
        files[place].written = max(0, files[place].written - bytes)
        files[place].durable = max(0, files[place].durable - bytes)
        files[place].flushing = max(0, files[place].flushing - bytes)
    }

    public mutating func delete(_ id: FileID) {
        files.removeAll { $0.id == id }
    }

    /// Begins to flush a file: when it will be done. `finishFlush` belongs to that instant.
    public mutating func beginFlush(
        _ id: FileID, at now: Instant, by actor: ActorID, _ choices: inout Choices
    ) -> Instant {
        let place = place(of: id)
        files[place].flushing = files[place].written
        let key = Choices.Key(actor: actor, purpose: .diskFlush, ordinal: flushes)
        flushes &+= 1
        let time = latency.value(atRank: choices.draw(key, below: Distribution.whole))
        freeAt = max(now, freeAt) + Interval(nanoseconds: time) + slowBy
        return freeAt
    }

    /// What was written when the flush began is on the disk, unless the disk lies.
    public mutating func finishFlush(_ id: FileID) {
        if lies { return }
        let place = place(of: id)
        files[place].durable = files[place].flushing
    }

    public func written(_ id: FileID) -> Int64 {
        files.first { $0.id == id }?.written ?? 0
    }

    public func durable(_ id: FileID) -> Int64 {
        files.first { $0.id == id }?.durable ?? 0
    }

    /// The power is gone: of what had not been flushed, some bytes may have made it all the same.
    /// What remains of each file that lost something, by file.
    public mutating func losePower(by actor: ActorID, _ choices: inout Choices) -> [Remains] {
        freeAt = .earliest
        var remains: [Remains] = []
        for place in files.indices {
            let file = files[place]
            guard file.written > file.durable else { continue }
            let kept = choices.draw(
                actor, .diskSurvivors, below: UInt64(file.written - file.durable) + 1)
            let bytes = file.durable + Int64(kept)
            remains.append(Remains(file: file.id, bytes: bytes, had: file.written))
            files[place].written = bytes
            files[place].durable = bytes
            files[place].flushing = bytes
        }
        return remains
    }

    /// Everything is gone, and with it every fault.
    public mutating func wipe() {
        let count = flushes
        self = Disk(latency: latency)
        flushes = count
    }

    /// A byte of what has been written, drawn from the last `within` ones; nil: there is none.
    public func placeOfBitFlip(
        _ id: FileID, within: Int64, by actor: ActorID, _ choices: inout Choices
    ) -> Int64? {
        let bytes = written(id)
        guard bytes > 0 else { return nil }
        let span = max(1, min(within, bytes))
        return bytes - 1 - Int64(choices.draw(actor, .diskBitFlip, below: UInt64(span)))
    }

    private mutating func place(of id: FileID) -> Int {
        if let place = files.firstIndex(where: { $0.id == id }) { return place }
        let place = files.firstIndex { $0.id > id } ?? files.count
        files.insert(File(id: id, written: 0, durable: 0, flushing: 0), at: place)
        return place
    }
}

extension Purpose {
    /// How long a flush takes: a rank in the disk's distribution.
    public static let diskFlush = Purpose(code: 0x0201)
    /// How many unflushed bytes of a file survive a power loss.
    public static let diskSurvivors = Purpose(code: 0x0202)
    /// Which byte a bit flips in.
    public static let diskBitFlip = Purpose(code: 0x0203)
}

extension PurposeNames {
    public static let disk: PurposeNames = [
        "disk.flush": .diskFlush, "disk.survivors": .diskSurvivors, "disk.bit-flip": .diskBitFlip,
    ]
}
