import Kernel

@testable import Kafka

/// The program's calls.
extension FetchAdapter {
    mutating func call(_ line: VectorLine) throws -> ConsumerCall {
        switch line.verb {
        case "assign": return .assign(try partitions(line))
        case "unsubscribe": return .unsubscribe
        case "poll": return .poll(try timeout(line))
        case "seek":
            let position = CommittedPosition(
                try line.int("offset"), leaderEpoch: try line.intOrNone("epoch"))
            return .seek(try partition(line), position)
        case "seek-to-beginning": return .seekToBeginning(try partitions(line))
        case "seek-to-end": return .seekToEnd(try partitions(line))
        case "pause": return .pause(try partitions(line))
        case "resume": return .resume(try partitions(line))
        case "position": return .position(try partition(line), timeout: try timeout(line))
        case "current-lag": return .currentLag(try partition(line))
        case "beginning-offsets":
            return .beginningOffsets(try partitions(line), timeout: try timeout(line))
        case "end-offsets":
            return .endOffsets(try partitions(line), timeout: try timeout(line))
        case "offsets-for-times":
            let time = ConsumerCall.TimeToSearch(try partition(line), try line.int("ts"))
            return .offsetsForTimes([time], timeout: try timeout(line))
        case "committed":
            return .committed(try partitions(line), timeout: try timeout(line))
        case "commit-sync":
            return .commitSync(try offsets(line), timeout: try timeout(line))
        case "commit-async":
            let ticket = try line.value(of: "callback").map {
                CommitTicket(try VectorText.int($0.dropFirst()))
            }
            return .commitAsync(try offsets(line), ticket)
        case "close": return .close(timeout: try timeout(line))
        default: throw VectorFormError(description: "unknown verb")
        }
    }

    private func timeout(_ line: VectorLine) throws -> Interval {
        try ConsumerWords.interval(line, "timeout")
    }

    private mutating func partition(_ line: VectorLine) throws -> PartitionRef {
        consumer.partition(try ConsumerWords.name(line.text("p")))
    }

    private mutating func partitions(_ line: VectorLine) throws -> [PartitionRef] {
        var partitions: [PartitionRef] = []
        for text in try line.list("partitions") {
            partitions.append(consumer.partition(try ConsumerWords.name(text)))
        }
        return partitions
    }

    private mutating func offsets(
        _ line: VectorLine
    ) throws -> [ConsumerCall.OffsetsToCommit]? {
        guard line.has("offsets") else { return nil }
        var offsets: [ConsumerCall.OffsetsToCommit] = []
        for text in try line.list("offsets") {
            let (name, position) = VectorText.halves(text, at: "=")
            offsets.append(
                .init(
                    consumer.partition(try ConsumerWords.name(name)),
                    try ConsumerWords.committed(position ?? "")))
        }
        return offsets
    }

    // MARK: What they return

    func words(_ result: CallResult) -> String {
        let names = consumer.metadata.names
        switch result {
        case .done: return ""
        case .records(let polled):
            if polled.isEmpty { return " none" }
            let next = names.sorted(polled.next.map(\.partition)).compactMap { one in
                polled.next.first { $0.partition == one }.map {
                    "\(ConsumerWords.word(one, names))=\(ConsumerWords.word($0.position))"
                }
            }
            return " records=\(records(polled)) next=\(ConsumerWords.list(next))"
        case .position(let offset): return " offset=\(offset)"
        case .lag(let lag): return " lag=\(ConsumerWords.word(lag))"
        case .found(let found):
            let words = found.map { one in
                let name = ConsumerWords.word(one.partition, names)
                guard let at = one.found else { return "\(name)=-" }
                guard isByTime else { return "\(name)=\(at.offset)" }
                return "\(name)=\(at.offset)@\(ConsumerWords.word(at.leaderEpoch)):\(at.timestamp)"
            }
            return " offsets=\(ConsumerWords.list(words))"
        case .committed(let offsets):
            let words = names.sorted(offsets.map(\.partition)).compactMap { one in
                offsets.first { $0.partition == one }.map {
                    "\(ConsumerWords.word(one, names))="
                        + ($0.position.map(ConsumerWords.word) ?? "-")
                }
            }
            return " offsets=\(ConsumerWords.list(words))"
        }
    }

    /// `t-0:0..3+5`
    private func records(_ polled: PolledRecords) -> String {
        let names = consumer.metadata.names
        var order: [PartitionRef] = []
        for one in polled.records where !order.contains(one.partition) {
            order.append(one.partition)
        }
        let words = names.sorted(order).map { partition in
            var offsets: [Int64] = []
            for one in polled.records where one.partition == partition {
                for index in one.range { offsets.append(one.batch.offset(ofRecord: index)) }
            }
            return "\(ConsumerWords.word(partition, names)):\(ranges(offsets))"
        }
        return ConsumerWords.list(words)
    }

    private func ranges(_ offsets: [Int64]) -> String {
        var ranges: [(first: Int64, last: Int64)] = []
        for offset in offsets {
            if let last = ranges.last, last.last + 1 == offset {
                ranges[ranges.count - 1].last = offset
            } else {
                ranges.append((offset, offset))
            }
        }
        return ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)..\($0.last)" }
            .joined(separator: "+")
    }

    // MARK: Requests

    func words(_ request: ConsumerRequest) -> String {
        let (api, version, fields) = words(request.body)
        return "\(api) version=\(version) node=\(ConsumerWords.word(request.node)) \(fields)"
    }

    private func name(_ identity: TopicIDPartition) -> String {
        consumer.metadata.partition(identity).map {
            ConsumerWords.word($0, consumer.metadata.names)
        } ?? "?-\(identity.partition)"
    }

    private func words(
        _ body: ConsumerRequest.Body
    ) -> (api: String, version: Int, fields: String) {
        switch body {
        case .broker(.fetch(let fetch)): return ("Fetch", 18, words(fetch))
        case .broker(.listOffsets(let request)):
            let partitions = request.partitions.map {
                "\(name($0.partition)):\(word($0.query))@\(ConsumerWords.word($0.currentLeaderEpoch))"
            }
            return ("ListOffsets", 11, "partitions=\(ConsumerWords.list(partitions))")
        case .broker(.offsetsForLeaderEpoch(let request)):
            let partitions = request.partitions.map {
                "\(name($0.partition)):\($0.leaderEpoch)"
                    + "@\(ConsumerWords.word($0.currentLeaderEpoch))"
            }
            return ("OffsetForLeaderEpoch", 4, "partitions=\(ConsumerWords.list(partitions))")
        case .broker: return ("?", 0, "")
        case .findCoordinator(let group): return ("FindCoordinator", 6, "key=\(group)")
        case .fetchOffsets(let request):
            let partitions = ConsumerWords.list(request.partitions.map(ConsumerWords.word))
            let fields = "member=- epoch=-1 stable=\(request.requiresStable)"
            return ("OffsetFetch", isClassic ? 9 : 10, "\(fields) partitions=\(partitions)")
        case .commitOffsets(let request):
            let offsets = request.partitions.map {
                "\(ConsumerWords.word($0.partition))=\($0.offset)"
                    + "@\(ConsumerWords.word($0.leaderEpoch))"
            }
            let fields = "member=- generation=\(request.generation) instance=-"
            return (
                "OffsetCommit", isClassic ? 9 : 10,
                "\(fields) offsets=\(ConsumerWords.list(offsets))"
            )
        }
    }

    private func words(_ fetch: FetchRequest) -> String {
        let partitions = fetch.partitions.map {
            "\(name($0.partition)):\($0.fetchOffset)"
                + "@\(ConsumerWords.word($0.currentLeaderEpoch))"
        }
        var words = "session=\(fetch.session.id)/\(fetch.session.epoch)"
        words += " partitions=\(ConsumerWords.list(partitions))"
        if !fetch.forgotten.isEmpty {
            let forgotten = fetch.forgotten.map { "T\($0.topic.rawValue)-\($0.partition)" }
            words += " forget=\(ConsumerWords.list(forgotten))"
        }
        return words
    }

    private func word(_ query: OffsetQuery) -> String {
        switch query {
        case .earliest: "earliest"
        case .latest: "latest"
        case .timestamp(let time): "\(time)"
        case .maxTimestamp, .earliestLocal, .latestTiered, .earliestPendingUpload: "?"
        }
    }
}
