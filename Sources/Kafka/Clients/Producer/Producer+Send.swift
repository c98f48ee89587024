import Kernel

/// The program's side of a record (KafkaProducer.doSend).
extension Producer {
    mutating func send(
        _ record: Record, _ ticket: SendTicket, _ route: RecordRoute, _ now: Instant,
        _ choices: inout Choices, _ effects: inout ProducerEffects
    ) {
        guard let destination = destination(of: record, route) else {
            waitingForMetadata.append((record, ticket, route))
            metadata.requestUpdate()
            effects.append(.sendReturned(ticket, .blocked))
            return wake(now, &effects)
        }
        let size = boundOfSingleRecordBatch(record)
        if size > settings.maxRequestSize {
            return fail(ticket, .code(.messageTooLarge), &effects)
        }
        if settings.generation.has(.sendOutsideTransaction), settings.isIdempotent {
            do {
                try transaction.checkSendAllowed(hasIdentity: identity.identity.isValid)
            } catch {
                return fail(ticket, error, &effects)
            }
        }
        append(record, ticket, destination, nil, now, &choices, &effects)
    }

    /// Nil: it takes metadata to say.
    private mutating func destination(
        of record: Record, _ route: RecordRoute
    ) -> RecordDestination? {
        if metadata.hasForgotten { return nil }
        let topic: TopicRef
        switch route {
        case .partition(let number, let named):
            return metadata.partition(number, of: named).map { .partition($0) }
        case .topic(let named): topic = named
        }
        let known = metadata.topics[topic.index]
        if known.partitions.isEmpty { return nil }
        switch settings.partitioner {
        case .builtIn(let ignoreKeys):
            guard !ignoreKeys, let key = record.key else { return .anyPartition(of: topic) }
            let number = partition(forKey: key.bytes, of: Int32(known.partitions.count))
            return .partition(known.partitions[Int(number)])
        case .roundRobin:
            let number = roundRobin[topic.index].next(
                available: known.available.map { metadata[$0].number },
                of: Int32(known.partitions.count))
            return .partition(known.partitions[Int(number)])
        }
    }

    /// `granted`: memory that the call has waited for.
    mutating func append(
        _ record: Record, _ ticket: SendTicket, _ destination: RecordDestination,
        _ granted: Int32?, _ now: Instant, _ choices: inout Choices,
        _ effects: inout ProducerEffects
    ) {
        var appended: PartitionRef?
        do {
            let outcome = try accumulator.append(
                record, ticket, to: destination, &batches, metadata, at: now, granted: granted,
                &choices)
            switch outcome {
            case .needsMemory(let size):
                accumulator.pool.wait(
                    BlockedSend(
                        ticket: ticket, record: record, destination: destination, size: size))
                effects.append(.sendReturned(ticket, .blocked))
                wake(now, &effects)
            case .appended(let partition, let isReady, let isNewBatch, _):
                appended = partition
                if settings.isIdempotent { try transaction.maybeAdd(partition, &identity) }
                if isReady || isNewBatch { wake(now, &effects) }
                effects.append(
                    .sendReturned(
                        ticket, .accepted(partition, isReady: isReady, isNewBatch: isNewBatch)))
            }
        } catch {
            fail(ticket, error, appended: appended, &effects)
        }
    }

    /// An ApiException of the call is one of the transaction too.
    private mutating func fail(
        _ ticket: SendTicket, _ error: ClientError, appended: PartitionRef? = nil,
        _ effects: inout ProducerEffects
    ) {
        var error = error
        if settings.isIdempotent, error.isApiException {
            do throws(ClientError) {
                try transaction.becomeFailed(error, &identity, on: .program)
            } catch let invalid {
                error = invalid
            }
        }
        effects.append(.sendReturned(ticket, .failed(error, appended: appended)))
    }

    mutating func giveUp(
        _ ticket: SendTicket, _ now: Instant, _ choices: inout Choices,
        _ effects: inout ProducerEffects
    ) {
        if let index = waitingForMetadata.firstIndex(where: { $0.ticket == ticket }) {
            waitingForMetadata.remove(at: index)
            fail(ticket, .code(.requestTimedOut), &effects)
        } else if accumulator.pool.giveUp(ticket) != nil {
            fail(ticket, ClientError(.bufferExhausted), &effects)
        }
    }

    mutating func resumeSendsWithMetadata(
        _ now: Instant, _ choices: inout Choices, _ effects: inout ProducerEffects
    ) {
        hasNewMetadata = false
        let waiting = waitingForMetadata
        waitingForMetadata = []
        for send in waiting {
            if destination(of: send.record, send.route) == nil {
                waitingForMetadata.append(send)
                metadata.requestUpdate()
            } else {
                self.send(send.record, send.ticket, send.route, now, &choices, &effects)
            }
        }
    }

    /// Memory was given back: those who wait for it go on, in the order in which they came.
    mutating func resumeBlockedSends(
        _ now: Instant, _ choices: inout Choices, _ effects: inout ProducerEffects
    ) {
        while let send = accumulator.pool.nextUnblocked() {
            if accumulator.isClosed {
                fail(send.ticket, .kafka, &effects)
            } else {
                append(
                    send.record, send.ticket, send.destination, send.size, now, &choices,
                    &effects)
            }
        }
    }
}

extension ClientError {
    /// Whether it is an ApiException: the others are thrown out of `send` and change nothing.
    var isApiException: Bool {
        switch kind {
        case .code, .bufferExhausted, .transactionAborted: true
        default: false
        }
    }
}

/// Flushing.
extension Producer {
    /// A call of `flush`: the batches that had no outcome when it began.
    struct Flush: Sendable {
        var batches: [UInt64]
    }

    mutating func beginFlush(_ effects: inout ProducerEffects) {
        let open = batches.incomplete.map { batches[$0].serial }
        if open.isEmpty { return effects.append(.flushed) }
        accumulator.flushes += 1
        flushes.append(Flush(batches: open))
    }

    /// A batch is done, or its parts are what a flush waits for instead.
    mutating func noteDone(
        _ serial: UInt64, parts: [UInt64] = [], _ effects: inout ProducerEffects
    ) {
        for index in flushes.indices.reversed() {
            guard let position = flushes[index].batches.firstIndex(of: serial) else { continue }
            flushes[index].batches.remove(at: position)
            flushes[index].batches += parts
            if flushes[index].batches.isEmpty {
                flushes.remove(at: index)
                accumulator.flushes -= 1
                effects.append(.flushed)
            }
        }
    }
}
