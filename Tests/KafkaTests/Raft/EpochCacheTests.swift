import Testing

@testable import Kafka

@Suite struct EpochCacheTests {
    /// What the cache says, read off the epoch of every single offset.
    private struct Twin {
        /// The epoch of every offset, and of the end if an election found the log there.
        var epochs: [Int32] = []
        var epochAtEnd: Int32?
        var start = 0

        /// Where an epoch ends: before the first offset of a later one.
        func end(of epoch: Int32) -> OffsetAndEpoch? {
            let known = Array(epochs[start...]) + (epochAtEnd.map { [$0] } ?? [])
            if known.last == epoch { return OffsetAndEpoch(Int64(epochs.count), epoch) }
            guard let later = known.firstIndex(where: { $0 > epoch }) else { return nil }
            let before = later == 0 ? epoch : known[later - 1]
            return OffsetAndEpoch(Int64(start + later), before)
        }
    }

    @Test func `where an epoch ends is what the epoch of every offset says`() {
        var random = TestRandom(3)
        for _ in 0..<500 {
            var cache = EpochCache()
            var twin = Twin()
            var epoch: Int32 = 0
            for _ in 0..<20 { change(&cache, &twin, &epoch, &random) }
            for asked in -1...(epoch + 2) {
                let end = cache.end(of: asked, logEnd: Int64(twin.epochs.count))
                #expect(end == (asked < 0 ? nil : twin.end(of: asked)), "\(twin) \(asked)")
            }
        }
    }

    private func change(
        _ cache: inout EpochCache, _ twin: inout Twin, _ epoch: inout Int32,
        _ random: inout TestRandom
    ) {
        let end = twin.epochs.count
        switch random.below(6) {
        case 0, 1, 2:
            if random.chance(1, in: 3) { epoch += Int32(1 + random.below(2)) }
            cache.assign(epoch, at: Int64(end))
            twin.epochs.append(epoch)
            twin.epochAtEnd = nil
        case 3:
            epoch += 1
            cache.assign(epoch, at: Int64(end))
            twin.epochAtEnd = epoch
        case 4:
            let cut = twin.start + random.below(end - twin.start + 1)
            cache.truncate(toEnd: Int64(cut))
            twin.epochs.removeLast(end - cut)
            twin.epochAtEnd = nil
            if cut == twin.start { restart(&cache, &twin) }
        default:
            guard twin.epochAtEnd == nil, end > twin.start + 1 else { return }
            twin.start += random.below(end - twin.start - 1)
            cache.truncate(toStart: Int64(twin.start))
        }
    }

    private func restart(_ cache: inout EpochCache, _ twin: inout Twin) {
        cache.removeAll()
        twin.start = twin.epochs.count
    }

    @Test func `an epoch that begins where a later one was thought to begin replaces it`() {
        var cache = EpochCache()
        cache.assign(1, at: 0)
        cache.assign(5, at: 10)
        cache.assign(3, at: 10)
        #expect(cache.entries.map(\.epoch) == [1, 3])
        cache.assign(3, at: 12)
        #expect(cache.entries.map(\.start) == [0, 10])
    }
}
