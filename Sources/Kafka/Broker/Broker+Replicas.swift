import Kernel

/// What the broker's replicas and fetchers want, and what they are told.
extension Broker {
    mutating func tell(
        _ input: consuming ReplicaInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        replicas.receive(input, at: now, &replicaEffects)
        drainReplicaEffects(at: now, &choices, &effects)
    }

    /// What its fetchers are to hear once the replicas have said all.
    private struct FetcherNews {
        var stopped: [TopicIDPartition] = []
        var started: [FetchStart] = []
        var movedStarts: [TopicIDPartition] = []
    }

    private mutating func drainReplicaEffects(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        if replicaEffects.isEmpty { return }
        var news = FetcherNews()
        while let effect = replicaEffects.popFirst() {
            carryOut(effect, &news, at: now, &choices, &effects)
        }
        if !news.stopped.isEmpty || !news.started.isEmpty {
            tellFetchers(
                .assigned(stopped: news.stopped, started: news.started), at: now, &choices,
                &effects)
        }
        for partition in news.movedStarts {
            tellFetchers(.logStartMoved(partition), at: now, &choices, &effects)
        }
    }

    private mutating func carryOut(
        _ effect: consuming ReplicaEffect, _ news: inout FetcherNews, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        switch consume effect {
        case .reply(let reply, let token):
            send(consume reply, to: token, at: now, &choices, &effects)
        case .alterPartition(let request):
            channels.enqueue(.alterPartition(request), for: .alterPartition, at: now)
        case .setTimer(let task, let instant): replicaTimers.set(task, at: instant)
        case .suspended(let id, let point): effects.append(.suspended(id, at: point))
        case .logTask(let partition, let task): doLater(task, of: partition, at: now)
        case .startFetching(let start): news.started.append(start)
        case .stopFetching(let partition): news.stopped.append(partition)
        case .logStartMoved(let partition): news.movedStarts.append(partition)
        case .assignDirectories(let directories) where epoch >= 0:
            let request = AssignReplicasToDirsRequest(
                broker: id, epoch: epoch, directories: directories)
            channels.enqueue(.assignReplicas(request), for: .directories, at: now)
        case .assignDirectories: break
        case .note(let note): effects.append(.note(.replica(note)))
        }
    }

    /// What a log left for later. A process that dies first never does it.
    mutating func doLater(_ task: LogTask, of partition: TopicIDPartition, at now: Instant) {
        let takes = if case .flushSegments = task { flushTime } else { Interval.zero }
        background.append(BackgroundTask(partition: partition, task: task, due: now + takes))
    }

    @inline(__always)
    var backgroundDue: Instant {
        background.isEmpty ? .never : background.reduce(.never) { min($0, $1.due) }
    }

    mutating func workInBackground(
        at now: Instant, _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        let tasks = background.filter { $0.due <= now }
        background.removeAll { $0.due <= now }
        for one in tasks {
            tell(.logTask(one.partition, one.task), at: now, &choices, &effects)
        }
    }
}

// MARK: - Requests

extension Broker {
    /// A fetch belongs to a session, which knows what it wants and what it has been told.
    mutating func handle(
        _ request: consuming FetchRequest, from token: ReplyToken, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        let context = sessions.open(request, at: now)
        request.partitions = context.partitions
        openFetches.append(OpenFetch(token: token, context: context))
        tell(.request(.fetch(consume request), from: token), at: now, &choices, &effects)
    }

    private mutating func send(
        _ reply: consuming BrokerReply, to token: ReplyToken, at now: Instant,
        _ choices: inout Choices, _ effects: inout BrokerEffects
    ) {
        switch consume reply {
        case .fetch(let fetched):
            guard let index = openFetches.lastIndex(where: { $0.token == token }) else {
                return effects.append(.reply(.fetch(fetched), to: token))
            }
            openFetches.swapAt(index, openFetches.count - 1)
            let context = openFetches.removeLast().context
            let answer = sessions.close(context, fetched.partitions, at: now, &choices)
            effects.append(.reply(.fetch(answer), to: token))
        case .produce(let partitions):
            guard let index = unanswered.lastIndex(of: token) else {
                return effects.append(.reply(.produce(partitions), to: token))
            }
            unanswered.remove(at: index)
            let hasFailed = partitions.contains { $0.error != .none }
            effects.append(hasFailed ? .close(token) : .noReply(to: token))
        case let other: effects.append(.reply(other, to: token))
        }
    }
}

// MARK: - Fetchers

extension Broker {
    mutating func tellFetchers(
        _ input: consuming FetcherInput, at now: Instant, _ choices: inout Choices,
        _ effects: inout BrokerEffects
    ) {
        var moved: [TopicIDPartition] = []
        fetchers.receive(input, at: now, &replicas, &fetcherEffects)
        while let effect = fetcherEffects.popFirst() {
            carryOut(effect, &moved, at: now, &effects)
        }
        if !moved.isEmpty, replicas.haveReaders(moved) {
            tell(.replicated(moved), at: now, &choices, &effects)
        }
    }

    /// `moved`: the followers whose high watermarks have.
    private mutating func carryOut(
        _ effect: consuming FetcherEffect, _ moved: inout [TopicIDPartition], at now: Instant,
        _ effects: inout BrokerEffects
    ) {
        switch consume effect {
        case .send(let request, let id, let ticket):
            let correlation = channels.newCorrelation(.fetchers)
            fetcherRequests.append(
                FetcherRequest(correlation: correlation, fetcher: id, ticket: ticket))
            effects.append(
                .send(
                    .broker(consume request), to: destination(of: id), correlation,
                    timeout: settings.replicaSocketTimeout))
        case .wake(let id, let instant): fetcherTurns.set(id, at: instant)
        case .ended(let id):
            fetcherTurns.remove(id)
            fetcherRequests.removeAll { $0.fetcher == id }
            effects.append(.disconnect(destination(of: id)))
        case .highWatermarksMoved(let partitions):
            moved = moved.isEmpty ? partitions : moved + partitions
        case .logTask(let partition, let task): doLater(task, of: partition, at: now)
        case .note(let note): effects.append(.note(.fetcher(note)))
        }
    }

    @inline(__always)
    private func destination(of id: FetcherID) -> BrokerDestination {
        BrokerDestination(id.source, .fetcher(id.slot))
    }

    /// The request that an answer or a failure is about; nil if nobody waits for it any longer.
    mutating func takeFetcherRequest(_ correlation: CorrelationID) -> FetcherRequest? {
        let place = fetcherRequests.firstIndex { $0.correlation == correlation }
        guard let index = place else { return nil }
        let request = fetcherRequests[index]
        fetcherRequests.swapAt(index, fetcherRequests.count - 1)
        fetcherRequests.removeLast()
        return request
    }
}
