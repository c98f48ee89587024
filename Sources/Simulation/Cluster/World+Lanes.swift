import Kafka
import Kernel

/// How lanes take up work, wake, begin and end.
extension World {
    /// Hands a task to a lane: worked off at once unless its process is paused.
    mutating func hand(_ task: LaneTask, toLane lane: Int) {
        let thread = processes[lanes[lane].process].thread
        guard thread.isUp else {
            if let parcel = task.parcel { parcels.drop(parcel) }
            return
        }
        guard !thread.isPaused else { return lanes[lane].inbox.append(task) }
        work(on: task, lane)
        workOffLane(lane)
    }

    /// Works off what waits; then sees when it must wake again, and lets the Raft node of the same
    /// process have what was left for it.
    mutating func workOffLane(_ lane: Int) {
        let process = lanes[lane].process
        while !lanes[lane].inbox.isEmpty {
            guard isAtWork(process) else { return }
            let task = lanes[lane].inbox.removeFirst()
            work(on: task, lane)
        }
        guard isAtWork(process) else { return }
        scheduleWake(ofLane: lane)
        if process < nodes.count, processes[process].thread.isFree,
            processes[process].thread.waiting > 0
        {
            workOff(process)
        }
    }

    @inline(__always)
    func isAtWork(_ process: Int) -> Bool {
        let thread = processes[process].thread
        return thread.isUp && !thread.isPaused
    }

    private mutating func work(on task: LaneTask, _ lane: Int) {
        switch task {
        case .wake:
            expireLinks(lane)
            wakeUp(lane)
        case .request(let connection, let parcel):
            guard case .call(let request) = parcels.take(parcel) else {
                fatalError("a server read something that is no request")
            }
            noteIfForgotten(connection, lanes[lane].process)
            if isTracing { answerNames.serves(request.api, on: connection) }
            if let refusal = refusal(of: request, parcel, on: connection) {
                reply(refusal, to: ReplyToken(connection.word), lane)
            } else {
                serve(consume request, ReplyToken(connection.word), lane)
            }
        case .answer(let connection, let parcel):
            guard case .result(let reply) = parcels.take(parcel) else {
                fatalError("a client read something that is no answer")
            }
            guard let place = lanes[lane].links.place(of: connection),
                let correlation = linkAnswered(place, lane)
            else { return }
            take(
                consume reply, of: correlation, from: lanes[lane].links[place].key.node, lane)
        case .opened(let connection):
            guard let place = lanes[lane].links.place(of: connection) else { return }
            linkOpened(place, lane)
            opened(lanes[lane].links[place].key, lane)
        case .broken(let connection):
            guard let place = lanes[lane].links.place(of: connection) else { return }
            broke(place, lane)
        case .failed(let correlation, let failure): fail(correlation, failure, lane)
        case .shutDown:
            guard case .broker(let place) = lanes[lane].seat else { return }
            receive(.shutDown, broker: place, lane)
        case .resume(let id):
            guard case .broker(let place) = lanes[lane].seat else { return }
            receive(.resume(id), broker: place, lane)
        case .directoryFails(let directory):
            guard case .broker(let place) = lanes[lane].seat else { return }
            receive(.directoryFails(directory), broker: place, lane)
        }
    }

    // MARK: By seat

    private mutating func wakeUp(_ lane: Int) {
        switch lanes[lane].seat {
        case .controller(let place): wakeController(place, lane)
        case .broker(let place): receive(.wake, broker: place, lane)
        case .producer(let place): wakeProducer(place, lane)
        case .consumer(let place): wakeConsumer(place, lane)
        case .administrator: wakeAdministrator(lane)
        }
    }

    private mutating func serve(
        _ request: consuming ClusterRequest, _ token: ReplyToken, _ lane: Int
    ) {
        switch consume request {
        case .controller(let request):
            guard case .controller(let place) = lanes[lane].seat else { nobodyServes() }
            receive(.request(consume request, from: token), controller: place, lane)
        case .broker(let request):
            guard case .broker(let place) = lanes[lane].seat else { nobodyServes() }
            receive(.request(consume request, from: token), broker: place, lane)
        }
    }

    private func nobodyServes() -> Never {
        fatalError("a request has come to somebody who does not serve such")
    }

    private mutating func take(
        _ reply: consuming ClusterReply, of correlation: CorrelationID, from node: NodeID,
        _ lane: Int
    ) {
        switch lanes[lane].seat {
        case .broker(let place):
            receive(.answer(consume reply, to: correlation), broker: place, lane)
        case .producer(let place):
            take(consume reply, of: correlation, from: node, producer: place, lane)
        case .consumer(let place):
            take(consume reply, of: correlation, consumer: place, lane)
        case .administrator: administratorHears(reply, of: correlation, lane)
        case .controller: fatalError("a controller asks nobody")
        }
    }

    private mutating func fail(
        _ correlation: CorrelationID, _ failure: LinkFailure, _ lane: Int
    ) {
        switch lanes[lane].seat {
        case .broker(let place):
            receive(.failed(ChannelFailure(failure), of: correlation), broker: place, lane)
        case .administrator: administratorHears(nil, of: correlation, lane)
        // Clients look after their connections themselves: they hear that one broke.
        case .producer, .consumer, .controller: break
        }
    }

    private mutating func opened(_ key: Link.Key, _ lane: Int) {
        switch lanes[lane].seat {
        case .producer(let place): connected(key, producer: place, lane)
        case .consumer(let place): connected(key, consumer: place, lane)
        case .broker, .administrator, .controller: break
        }
    }

    private mutating func broke(_ place: Int, _ lane: Int) {
        let key = lanes[lane].links[place].key
        switch lanes[lane].seat {
        case .producer(let client):
            close(link: place, lane)
            disconnected(key, producer: client, lane)
        case .consumer(let client):
            close(link: place, lane)
            disconnected(key, consumer: client, lane)
        case .broker, .administrator, .controller: linkFailed(place, .disconnected, lane)
        }
    }

    // MARK: Waking

    /// In the world's time.
    @inline(__always)
    private func nextDeadline(ofLane lane: Int) -> Instant {
        let ahead = processes[lanes[lane].process].clockAhead
        let own: Instant
        switch lanes[lane].seat {
        case .controller(let place):
            let steady = processes[lanes[lane].process].steadyAhead
            let due = ProcessClock.instant(of: controllers[place].nextDeadline, ahead: steady)
            return min(due, lanes[lane].links.deadline)
        case .broker(let place): own = brokers[place].broker.nextDeadline
        case .producer(let place): own = producers[place].wakeAt
        case .consumer(let place): own = consumers[place].wakeAt
        case .administrator: own = administrator.wakeAt
        }
        return min(ProcessClock.instant(of: own, ahead: ahead), lanes[lane].links.deadline)
    }

    mutating func scheduleWake(ofLane lane: Int) {
        var due = nextDeadline(ofLane: lane)
        if due >= lanes[lane].wakeAt { return }
        if due <= now {
            // One that asks to be woken at once, is, and asks again, would stop the world.
            due = lanes[lane].isSpinning ? now + .milliseconds(1) : now
            lanes[lane].isSpinning = true
            if due >= lanes[lane].wakeAt { return }
        } else if lanes[lane].isSpinning {
            lanes[lane].isSpinning = false
        }
        if let handle = lanes[lane].wakeHandle { queue.cancel(handle) }
        let life = processes[lanes[lane].process].life
        lanes[lane].setWake(
            queue.schedule(.laneWake(Int32(lane), life: life), at: due), at: due)
    }

    mutating func cancelWake(ofLane lane: Int) {
        guard let handle = lanes[lane].wakeHandle else { return }
        queue.cancel(handle)
        lanes[lane].forgetWake()
    }

    mutating func wake(lane: Int, life: UInt32) {
        let process = lanes[lane].process
        guard processes[process].life == life else { return }
        fingerprint.combine(UInt64(lane) << 8 | 6)
        lanes[lane].forgetWake()
        if nextDeadline(ofLane: lane) > now {
            scheduleWake(ofLane: lane)
            return
        }
        hand(.wake, toLane: lane)
    }

    // MARK: Lives

    mutating func startLanes(of process: Int) {
        for lane in seating.lanes(of: process) {
            switch lanes[lane].seat {
            case .controller(let place): startController(place, lane)
            case .broker(let place): startBroker(place, lane)
            case .producer(let place): startProducer(place, lane)
            case .consumer(let place): startConsumer(place, lane)
            case .administrator: startAdministrator(lane)
            }
            workOffLane(lane)
        }
    }

    mutating func stopLanes(of process: Int) {
        for lane in seating.lanes(of: process) {
            for task in lanes[lane].inbox {
                if let parcel = task.parcel { parcels.drop(parcel) }
            }
            lanes[lane].inbox = []
            cancelWake(ofLane: lane)
            forgetLinks(lane)
            if case .broker(let place) = lanes[lane].seat { stopBroker(place) }
        }
    }

    mutating func resumeLanes(of process: Int) {
        for lane in seating.lanes(of: process) { workOffLane(lane) }
    }

    // MARK: Answers

    /// The answer goes back over the connection that the request came from, if it is still there;
    /// then the server reads the next request from it.
    mutating func reply(_ answer: consuming ClusterReply?, to token: ReplyToken, _ lane: Int) {
        let connection = ConnectionID(word: token.rawValue)
        guard let its = network.connection(connection) else { return }
        if let answer = consume answer, its.serverEnd == .open, !losesReply(connection) {
            let parcel = parcels.add(consume answer)
            if isTracing { answerNames.answers(parcel, on: connection) }
            let flight = network.send(
                parcel, bytes: parcels.bytes(parcel), on: connection, from: .server, at: now,
                &turn.choices)
            if let flight { schedule(flight) } else { parcels.drop(parcel) }
        }
        if let next = network.unmute(connection) {
            traceMessage(next, to: .server, of: connection)
            lanes[lane].inbox.append(.request(connection, next))
        }
        buryDead()
    }
}

extension ChannelFailure {
    init(_ failure: LinkFailure) {
        switch failure {
        case .disconnected: self = .disconnected
        case .timedOut: self = .timedOut
        }
    }
}
