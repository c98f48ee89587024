import Kernel

/// The calls of the newer consumer: what the program's thread does, and what it waits for
/// (AsyncKafkaConsumer).
extension Consumer {
    mutating func beginInBackground(
        _ call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        do throws(ClientError) {
            try begin(program: call, now, &effects)
        } catch {
            effects.append(.failed(error))
        }
    }

    private mutating func begin(
        program call: ConsumerCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        let patience = now + settings.callTimeout
        switch call {
        case .assign(let partitions):
            if partitions.isEmpty { return beginUnsubscribe(now) }
            let kept = subscription.order.filter(partitions.contains)
            dropBuffered { kept.contains($0) }
            wait(for: .assign(partitions, called: now), until: patience)
        case .unsubscribe: beginUnsubscribe(now)
        case .poll(let timeout):
            guard subscription.kind != .none else { throw .illegalState }
            try poll(until: now + timeout, isFirst: true, now, &effects)
        case .seek(let partition, let target):
            guard target.offset >= 0 else { throw .illegalArgument }
            wait(for: .seek(partition, target), until: patience)
        case .seekToBeginning(let partitions):
            wait(for: .reset(partitions, .earliest), until: patience)
        case .seekToEnd(let partitions):
            wait(for: .reset(partitions, .latest), until: patience)
        case .pause(let partitions): change(partitions, isPaused: true, patience, &effects)
        case .resume(let partitions): change(partitions, isPaused: false, patience, &effects)
        case .position(let partition, let timeout):
            guard subscription.isAssigned(partition) else { throw .illegalState }
            try lookAtPosition(of: partition, until: now + timeout, &effects)
        case .currentLag(let partition): wait(for: .currentLag(partition), until: patience)
        case .beginningOffsets(let partitions, let timeout):
            lookUp(partitions.map { ($0, .earliest) }, timeout, now, &effects)
        case .endOffsets(let partitions, let timeout):
            lookUp(partitions.map { ($0, .latest) }, timeout, now, &effects)
        case .offsetsForTimes(let times, let timeout):
            guard times.allSatisfy({ $0.timestamp >= 0 }) else { throw .illegalArgument }
            lookUp(
                times.map { ($0.partition, .timestamp($0.timestamp)) }, timeout, now, &effects)
        case .committed(let partitions, let timeout):
            guard group.exists else { throw .code(.invalidGroupID) }
            if partitions.isEmpty {
                effects.append(.returned(.committed([])))
            } else {
                wait(for: .fetchCommitted(partitions), until: now + timeout)
            }
        case .commitSync(let offsets, let timeout):
            try commitSync(offsets, timeout, now, &effects)
        case .commitAsync(let offsets, let ticket):
            try commitAsync(offsets, ticket, now, &effects)
        case .close(let timeout): try close(timeout, now, &effects)
        }
    }

    private mutating func wait(for body: BackgroundThread.Body, until deadline: Instant) {
        background.call = .event(background.add(body, until: deadline))
    }

    private mutating func change(
        _ partitions: [PartitionRef], isPaused: Bool, _ patience: Instant,
        _ effects: inout ConsumerEffects
    ) {
        if partitions.isEmpty {
            effects.append(.returned(.done))
        } else {
            wait(for: .pause(partitions, isPaused), until: patience)
        }
    }

    private mutating func beginUnsubscribe(_ now: Instant) {
        dropBuffered { _ in false }
        let deadline = now + settings.callTimeout
        let id = background.add(.unsubscribe, until: deadline)
        background.call = .unsubscribe(id, deadline: deadline, lookAgain: now)
    }

    private mutating func lookUp(
        _ times: [(partition: PartitionRef, query: OffsetQuery)], _ timeout: Interval,
        _ now: Instant, _ effects: inout ConsumerEffects
    ) {
        if times.isEmpty {
            effects.append(.returned(.found([])))
            return
        }
        let id = background.add(.lookUp(times), until: now + timeout)
        if timeout > .zero {
            background.call = .event(id)
            return
        }
        // Nobody waits for it.
        var empty: [(partition: PartitionRef, found: FoundOffset?)] = []
        for (partition, query) in times {
            if case .timestamp = query { empty.append((partition, nil)) }
        }
        effects.append(.returned(.found(empty)))
    }

    // MARK: Going on

    /// Goes on with the call, if what it waits for has come or its time is over.
    mutating func goOnInProgram(_ now: Instant, _ effects: inout ConsumerEffects) {
        guard let call = background.call else { return }
        do throws(ClientError) {
            try goOn(call, now, &effects)
        } catch {
            background.call = nil
            if background.closing != nil {
                failClosing(error, now, &effects)
            } else {
                effects.append(.failed(error))
            }
        }
    }

    private mutating func goOn(
        _ call: ProgramCall, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        switch call {
        case .event(let id):
            guard let result = try take(id) else { return }
            answer(result, &effects)
        case .position(let partition, let deadline, let id):
            do throws(ClientError) {
                guard try take(id) != nil else { return }
            } catch {
                if error.kind != .code(.requestTimedOut) { throw error }
            }
            guard now < deadline else { throw .requestTimedOut }
            try lookAtPosition(of: partition, until: deadline, &effects)
        case .poll(let deadline, let until):
            guard buffer.isWoken || until <= now else { return }
            try goOnPolling(until: deadline, now, &effects)
        case .spinning(let deadline, let since, let news):
            guard now > since || buffer.news != news else { return }
            try goOnPolling(until: deadline, now, &effects)
        case .unsubscribe(let id, let deadline, let lookAgain):
            try goOnUnsubscribing(id, deadline, lookAgain, now, &effects)
        case .commitAsync(let id, let deadline):
            guard background.commitsReady.contains(id) else {
                if deadline <= now { throw ClientError(.code(.requestTimedOut), cause: .timedOut) }
                return
            }
            background.commitsReady.removeAll { $0 == id }
            answer(.done, &effects)
        case .commitSync, .commitsBefore, .commit, .leave, .pendingCommits, .end:
            try goOnCommitting(call, now, &effects)
        }
    }

    /// Nil: not done yet.
    mutating func take(_ id: BackgroundThread.EventID) throws(ClientError) -> CallResult? {
        guard let result = background.result(of: id) else { return nil }
        background.forget(id)
        switch result {
        case .done(let result): return result
        case .failed(let error): throw error
        }
    }

    mutating func answer(_ result: CallResult, _ effects: inout ConsumerEffects) {
        background.call = nil
        effects.append(.returned(result))
    }

    private mutating func lookAtPosition(
        of partition: PartitionRef, until deadline: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        guard let one = subscription[partition] else { throw .illegalState }
        if one.hasValidPosition, let position = one.position {
            return answer(.position(position.offset), &effects)
        }
        let id = background.add(.checkPositions, until: deadline)
        background.call = .position(partition, deadline: deadline, id)
    }

    private mutating func goOnUnsubscribing(
        _ id: BackgroundThread.EventID, _ deadline: Instant, _ lookAgain: Instant,
        _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if lookAgain <= now {
            do throws(ClientError) {
                try throwBackgroundError()
            } catch {
                let ignored: [ClientError.Kind] = [
                    .code(.groupAuthorizationFailed), .code(.topicAuthorizationFailed),
                ]
                if !ignored.contains(error.kind) { throw error }
            }
        }
        if try take(id) != nil || deadline <= now { return answer(.done, &effects) }
        if lookAgain <= now {
            background.call = .unsubscribe(
                id, deadline: deadline, lookAgain: now + .milliseconds(100))
        }
    }

    /// The first of those that the network's thread has told; the others are lost.
    mutating func throwBackgroundError() throws(ClientError) {
        guard let error = background.errors.first else { return }
        background.errors = []
        throw error
    }

    // MARK: poll

    private mutating func poll(
        until deadline: Instant, isFirst: Bool, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        var isFirst = isFirst
        for _ in 0..<2 {
            try checkPoll(until: deadline, isFirst: isFirst, now, &effects)
            isFirst = false
            let polled = try collectForPoll(now)
            if !polled.isEmpty { return hand(polled, deadline, &effects) }
            let until = min(deadline, now + longestWait())
            if !buffer.isWoken, until > now {
                background.call = .poll(deadline: deadline, until: until)
                return
            }
            buffer.isWoken = false
            let more = try collectForPoll(now)
            if !more.isEmpty || deadline <= now { return hand(more, deadline, &effects) }
        }
        background.call = .spinning(deadline: deadline, since: now, news: buffer.news)
    }

    private mutating func goOnPolling(
        until deadline: Instant, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        buffer.isWoken = false
        let polled = try collectForPoll(now)
        if !polled.isEmpty || deadline <= now { return hand(polled, deadline, &effects) }
        try poll(until: deadline, isFirst: false, now, &effects)
    }

    private func longestWait() -> Interval {
        var wait = group.exists ? background.maximumWait : Instant.never - .zero
        if !subscription.hasAllPositions || subscription.order.isEmpty {
            wait = min(wait, settings.retryDelay)
        }
        return wait
    }

    private mutating func hand(
        _ polled: PolledRecords, _ deadline: Instant, _ effects: inout ConsumerEffects
    ) {
        if !polled.isEmpty { _ = background.add(.prefetch, until: nil) }
        answer(.records(polled), &effects)
    }

    /// Sees to it that the network's thread is at work for this poll, and hears what went wrong.
    private mutating func checkPoll(
        until deadline: Instant, isFirst: Bool, _ now: Instant, _ effects: inout ConsumerEffects
    ) throws(ClientError) {
        if isFirst { try maybeForgetPreviousPoll(now) }
        var isNew = false
        if background.inflightPoll == nil {
            let id = background.add(.poll, until: nil)
            background.polls.append(.init(id: id, deadline: deadline, called: now))
            background.inflightPoll = id
            isNew = true
        }
        do throws(ClientError) {
            try runCommitCallbacks(now, &effects)
            try throwBackgroundError()
        } catch {
            forgetPoll()
            throw error
        }
        guard let id = background.inflightPoll, let poll = background.poll(id) else { return }
        if poll.isComplete {
            forgetPoll()
            if let error = poll.error { throw error }
        } else if !isNew, poll.deadline <= now, poll.hasCheckedPositions {
            forgetPoll()
        }
    }

    private mutating func maybeForgetPreviousPoll(_ now: Instant) throws(ClientError) {
        guard let id = background.inflightPoll, let poll = background.poll(id) else { return }
        if poll.isComplete {
            if let error = poll.error {
                forgetPoll()
                throw error
            }
            // What it brought is handed out first.
            if buffer.isEmpty { forgetPoll() }
        } else if poll.deadline <= now, poll.hasCheckedPositions {
            forgetPoll()
        }
    }

    private mutating func forgetPoll() {
        guard let id = background.inflightPoll else { return }
        background.inflightPoll = nil
        background.withPoll(id) { _ in }
    }

    /// Nothing is handed out while the network's thread may be changing positions.
    private mutating func collectForPoll(_ now: Instant) throws(ClientError) -> PolledRecords {
        try throwValidationError()
        let isSettled = positionErrors.checkedMetadata == metadata.version
            && subscription.hasAllPositions
        if !isSettled, let id = background.inflightPoll,
            let poll = background.poll(id), !poll.hasCheckedPositions
        {
            return PolledRecords()
        }
        return try collect(now)
    }
}
