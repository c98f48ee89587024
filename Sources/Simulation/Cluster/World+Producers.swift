import Kafka
import Kernel

/// Producers and the programs around them.
extension World {
    mutating func startProducer(_ place: Int, _ lane: Int) {
        producers[place].begin(at: localTime(lanes[lane].process))
    }

    /// Has a producer send more. False: it does not run.
    mutating func order(_ order: SendOrder, of place: Int) -> Bool {
        let lane = seating.producers[place]
        guard processes[lanes[lane].process].thread.isUp else { return false }
        let time = localTime(lanes[lane].process)
        producers[place].jobs.append(ProducerSeat.Job(order: order, nextAt: time))
        if isAtWork(lanes[lane].process) {
            wakeProducer(place, lane)
            workOffLane(lane)
        }
        return true
    }

    /// Has the program around a producer do something. False: producers do no such thing.
    mutating func tell(_ order: ClientOrder, producer place: Int) -> Bool {
        let lane = seating.producers[place]
        let input: ProducerInput
        switch order {
        case .flush: input = .flush
        case .close: input = .close
        case .seek, .assign, .mute, .unmute, .lookUp: return false
        }
        if order == .close { producers[place].jobs = [] }
        receive(input, producer: place, lane)
        // The sender is woken up.
        producers[place].turnAt = min(producers[place].turnAt, localTime(lanes[lane].process))
        if isAtWork(lanes[lane].process) { workOffLane(lane) }
        return true
    }

    mutating func wakeProducer(_ place: Int, _ lane: Int) {
        let time = localTime(lanes[lane].process)
        if let blocked = producers[place].blocked, blocked.until <= time {
            producers[place].blocked = nil
            receive(.sendTimedOut(blocked.ticket), producer: place, lane)
        }
        runJobs(place, lane)
        if producers[place].turnAt <= time {
            producers[place].turnAt = .never
            countTurn(lanes[lane].process)
            receive(.turn, producer: place, lane)
        }
    }

    // MARK: The program

    private mutating func runJobs(_ place: Int, _ lane: Int) {
        let time = localTime(lanes[lane].process)
        var job = 0
        while job < producers[place].jobs.count, producers[place].blocked == nil {
            let isOver = producers[place].jobs[job].order.until <= now
            if !isOver { run(job, of: place, at: time, lane) }
            if isOver || producers[place].jobs[job].isDone {
                producers[place].jobs.remove(at: job)
            } else {
                job += 1
            }
        }
    }

    private mutating func run(_ job: Int, of place: Int, at time: Instant, _ lane: Int) {
        while producers[place].jobs[job].nextAt <= time, !producers[place].jobs[job].isDone {
            if producers[place].jobs[job].order.awaits, producers[place].unanswered > 0 {
                producers[place].jobs[job].nextAt = .never
                return
            }
            let atOnce = producers[place].jobs[job].order.atOnce
            let every = producers[place].jobs[job].order.every
            for _ in 0..<max(1, atOnce) where !producers[place].jobs[job].isDone {
                sendRecord(of: job, place, at: time, lane)
                if producers[place].blocked != nil { return }
            }
            if every > .zero {
                producers[place].jobs[job].nextAt = producers[place].jobs[job].nextAt + every
            }
        }
    }

    private mutating func sendRecord(
        of job: Int, _ place: Int, at time: Instant, _ lane: Int
    ) {
        let (record, ticket) = producers[place].nextRecord(of: job, at: time)
        let name = producers[place].jobs[job].order.topic
        let partition = producers[place].jobs[job].order.partition
        let topic = producers[place].producer.topic(named: name)
        let route = partition.map { RecordRoute.partition($0, of: topic) } ?? .topic(topic)
        receive(.send(record, ticket, to: route), producer: place, lane)
    }

    // MARK: The machine

    /// What is `completed` now is so by the answer of `node`, if there is one.
    private mutating func receive(
        _ input: consuming ProducerInput, from node: NodeID? = nil, producer place: Int, _ lane: Int
    ) {
        producers[place].producer.receive(
            input, at: localTime(lanes[lane].process), &turn.choices, &producerEffects)
        var hasEnded = false
        while let effect = producerEffects.popFirst() {
            if case .ended = effect { hasEnded = true }
            carryOut(effect, from: node, place, lane)
        }
        if hasEnded { endClient(lanes[lane].process) }
    }

    private mutating func carryOut(
        _ effect: consuming ProducerEffect, from node: NodeID?, _ place: Int, _ lane: Int
    ) {
        let process = lanes[lane].process
        switch consume effect {
        case .send(let request): transmit(request, place, lane)
        case .connect(let node):
            let link = lanes[lane].links.place(openedFor: Link.Key(client: node))
            // The producer itself gives up what takes too long.
            dial(link: link, giveUpAt: .never, lane)
        case .disconnect(let node):
            guard let link = lanes[lane].links.place(of: Link.Key(client: node)) else { return }
            if !lanes[lane].links[link].inFlight.isEmpty {
                note(.requestTimedOut(to: node), process)
            }
            close(link: link, lane)
        case .completed(let completion): complete(completion, from: node, place, lane)
        case .sendReturned(let ticket, let result): returned(ticket, result, place, lane)
        case .wake(let instant):
            producers[place].turnAt = min(producers[place].turnAt, instant)
        case .sleep(let instant):
            producers[place].turnAt = min(producers[place].turnAt, instant)
        case .uncaught(let error): note(.client(.threw(error)), process)
        case .callReturned(let error?): note(.client(.threw(error)), process)
        case .callReturned, .callAbandoned, .flushed, .poll, .ended: break
        }
    }

    private mutating func transmit(_ request: ProducerRequest, _ place: Int, _ lane: Int) {
        guard let link = lanes[lane].links.place(of: Link.Key(client: request.node)) else {
            preconditionFailure("a request for a node that was never connected to")
        }
        guard let body = producers[place].encode(request, in: lanes[lane].process) else { return }
        let correlation = CorrelationID(Int32(truncatingIfNeeded: request.number.rawValue))
        transmit(
            parcels.add(body), request.isAnswered ? correlation : nil,
            .never, link: link, lane)
    }

    private mutating func returned(
        _ ticket: SendTicket, _ result: SendResult, _ place: Int, _ lane: Int
    ) {
        switch result {
        case .accepted:
            if producers[place].blocked?.ticket == ticket { producers[place].blocked = nil }
        case .blocked:
            guard producers[place].blocked == nil else { return }
            let until =
                localTime(lanes[lane].process) + producers[place].configuration.settings.maxBlock
            producers[place].blocked = (ticket, until)
        case .failed(let error, let appended):
            if producers[place].blocked?.ticket == ticket { producers[place].blocked = nil }
            if appended == nil { settle(1, place, lane) }
            note(.client(.failed([ticket], error)), lanes[lane].process)
        }
    }

    private mutating func complete(
        _ completion: BatchCompletion, from node: NodeID?, _ place: Int, _ lane: Int
    ) {
        let process = lanes[lane].process
        settle(Int64(completion.tickets.count), place, lane)
        switch completion.outcome {
        case .written(let baseOffset, _):
            let partition = producers[place].id(of: completion.partition)
            note(
                .client(
                    .acknowledged(
                        completion.tickets, partition, offset: baseOffset < 0 ? nil : baseOffset,
                        by: node)),
                process)
        case .failed(let error), .refused(_, let error):
            note(.client(.failed(completion.tickets, error)), process)
        }
    }

    /// The fate of so many records is known; a job that waits for that goes on.
    private mutating func settle(_ count: Int64, _ place: Int, _ lane: Int) {
        producers[place].unanswered -= count
        guard producers[place].unanswered <= 0 else { return }
        let time = localTime(lanes[lane].process)
        for job in producers[place].jobs.indices
        where producers[place].jobs[job].nextAt == .never {
            producers[place].jobs[job].nextAt = time + producers[place].jobs[job].order.every
        }
    }

    // MARK: What the network says

    mutating func connected(_ key: Link.Key, producer place: Int, _ lane: Int) {
        receive(.connected(key.node, initProducerIDVersion: 6), producer: place, lane)
    }

    mutating func disconnected(_ key: Link.Key, producer place: Int, _ lane: Int) {
        note(.disconnected(from: key.node), lanes[lane].process)
        receive(.disconnected(key.node), producer: place, lane)
    }

    mutating func take(
        _ reply: consuming ClusterReply, of correlation: CorrelationID, from node: NodeID,
        producer place: Int, _ lane: Int
    ) {
        guard case .broker(let reply) = consume reply else {
            fatalError("a producer was answered by a controller")
        }
        if case .produce(let replies) = reply {
            for its in replies where its.error != .none {
                note(.client(.refused(its.partition, its.error)), lanes[lane].process)
            }
        }
        let number = RequestNumber(Int64(correlation.rawValue))
        guard let answer = producers[place].decode(reply) else { return }
        receive(.answer(number, answer), from: node, producer: place, lane)
    }
}
