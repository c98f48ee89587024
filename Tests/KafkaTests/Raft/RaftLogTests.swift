import Testing

@testable import Kafka

@Suite struct RaftLogTests {
    private func batch(_ base: Int64, _ count: Int32 = 1, epoch: Int32 = 1) -> RaftBatch {
        RaftBatch(
            baseOffset: base, count: count, epoch: epoch, sizeInBytes: 100,
            content: .data(firstItem: base))
    }

    private func snapshot(_ offset: Int64, _ epoch: Int32 = 1) -> RaftSnapshot {
        RaftSnapshot(
            id: OffsetAndEpoch(offset, epoch), kraftVersion: 0, voters: nil, sizeInBytes: 1)
    }

    private func log(_ batches: Int64, segmentBytes: Int64 = 1_000) -> RaftLog {
        var log = RaftLog(segmentBytes: segmentBytes)
        for base in 0..<batches { log.append(batch(base)) }
        return log
    }

    @Test func `a read begins with the batch that holds the offset, whatever was cut before`() {
        var random = TestRandom(4)
        for _ in 0..<200 {
            var log = RaftLog(segmentBytes: 700)
            var all: [RaftBatch] = []
            for _ in 0..<60 {
                if random.chance(1, in: 10) {
                    let cut = Int64(random.below(Int(log.end) + 1))
                    log.truncate(to: cut)
                    all.removeAll { $0.endOffset > cut }
                } else {
                    let next = batch(log.end, Int32(1 + random.below(4)))
                    log.append(next)
                    all.append(next)
                }
            }
            for offset in 0..<log.end {
                let expected = all.filter { $0.endOffset > offset }
                let read = log.read(from: offset)
                #expect(read.elementsEqual(expected.prefix(read.count)))
                #expect(read.isEmpty == expected.isEmpty)
                #expect(log.readStart(for: offset) == expected.first?.baseOffset ?? log.end)
            }
            #expect(log.sizeInBytes == Int64(all.count * 100))
        }
    }

    @Test func `a read holds what fits, but at least one batch, of one segment file only`() {
        let log = log(25)
        #expect(log.read(from: 3, maxBytes: 250).map(\.baseOffset) == [3, 4])
        #expect(log.read(from: 3, maxBytes: 1).map(\.baseOffset) == [3])
        #expect(log.read(from: 3).map(\.baseOffset) == Array(3..<10))
        #expect(log.read(from: 22).map(\.baseOffset) == [22, 23, 24])
        #expect(log.read(from: 22, upTo: 24).map(\.baseOffset) == [22, 23])
        #expect(log.read(from: 25).isEmpty)
    }

    @Test func `whoever ends before the log is cut finds the old files beside the snapshot`() {
        var storage = RaftStorage(directory: DirectoryID(1), log: log(5))
        #expect(storage.beginAnew(behind: snapshot(9)) == log(5))
        #expect(storage.log.start == 9)
        storage.takeBackCut()
        #expect(storage.log.end == 5 && storage.log.start == 0)
        #expect(storage.log.latestSnapshot == snapshot(9))
        storage.losePower(elections: 0, logBytes: 0, snapshots: [snapshot(9).id])
        #expect(storage.log == log(5))

        #expect(storage.beginAnew(behind: snapshot(9)) != nil)
        storage.didCutLog()
        storage.takeBackCut()
        #expect(storage.log.start == 9)
    }

    @Test func `cleaning deletes whole files, and what the oldest file still holds comes back`() {
        var log = log(25)
        log.updateHighWatermark(25)
        _ = log.keep(snapshot(13))
        let cleaned = log.deleteBefore(OffsetAndEpoch(13, 1))
        #expect(cleaned == .success(true))
        #expect(log.start == 13)
        #expect(log.batchCount == 15)
        log.reopen()
        #expect(log.start == 10)
        #expect(log.highWatermark == 10)
        #expect(log.end == 25)
    }

    @Test func `a log that is snapshotted and cleaned does not grow`() {
        var log = RaftLog(segmentBytes: 5_000)
        var largest = 0
        for base in Int64(0)..<20_000 {
            log.append(batch(base))
            log.updateHighWatermark(log.end)
            if base % 100 == 99 {
                _ = log.keep(snapshot(log.end))
                let cleaned = log.deleteBefore(log.snapshots[log.snapshots.count - 1].id)
                #expect(cleaned == .success(true))
            }
            largest = max(largest, log.batchCount)
        }
        #expect(log.snapshots.count == 1)
        #expect(log.epochs.entries.count == 1)
        #expect(largest <= 100 + 50)
    }

    @Test func `a power loss takes whole batches, however few bytes of one are gone`() {
        var log = log(10)
        log.append(batch(10, 5))
        log.append(batch(15, 5, epoch: 2))
        _ = log.keep(snapshot(5))
        log.lose(bytes: 0, snapshots: [])
        #expect(log.end == 20)
        log.lose(bytes: 1, snapshots: [])
        #expect(log.end == 15)
        #expect(log.lastEpoch == 1)
        log.lose(bytes: 101, snapshots: [OffsetAndEpoch(5, 1)])
        #expect(log.end == 9)
        #expect(log.snapshots.isEmpty)
    }

    @Test func `a copy of a log is not disturbed by what happens to the other`() {
        var log = log(300)
        let copy = log
        log.truncate(to: 17)
        log.append(batch(17, epoch: 2))
        #expect(copy.end == 300)
        #expect(copy.lastEpoch == 1)
        #expect(copy.read(from: 17).first == batch(17))
    }
}
