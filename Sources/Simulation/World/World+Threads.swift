import Kafka
import Kernel

/// A process has one thread. It takes one task at a time, waits for the disk where it must, and
/// everything else waits for it.
extension World {
    /// Hands a task to a process: worked off at once if its thread is free.
    mutating func hand(_ task: Task, to process: Int) {
        guard processes[process].canTakeUp else { return processes[process].enqueue(task) }
        work(on: task, process)
        workOff(process)
    }

    /// Works off what waits, as long as the thread is free; then sees when it must wake again.
    mutating func workOff(_ process: Int) {
        while processes[process].hasTask, let task = processes[process].nextTask() {
            work(on: task, process)
        }
        scheduleWake(process)
        observe(process)
    }

    /// Precondition: the thread is free.
    private mutating func work(on task: Task, _ process: Int) {
        switch task {
        case .wake:
            processes[process].wakeAt = .never
            expireQuorumLinks(process)
            receive(.wake, process)
        case .request(let connection, let parcel):
            guard case .request(let request) = parcels.take(parcel) else {
                fatalError("a server read something that is no request")
            }
            noteIfForgotten(connection, process)
            receive(.request(request, from: ReplyToken(connection.word)), process)
        case .answer(let connection, let parcel): takeAnswer(connection, parcel, process)
        case .opened(let connection): quorumLinkOpened(connection, process)
        case .broken(let connection): quorumLinkBroke(connection, process)
        case .failed(let correlation):
            receive(.failure(.disconnected, of: correlation), process)
        case .command(let parcel):
            guard case .command(let input) = parcels.take(parcel) else {
                fatalError("a process was handed something that is no command")
            }
            receive(input, process)
        }
    }

    /// Through the node's one door, and out again.
    mutating func receive(_ input: consuming RaftInput, _ process: Int) {
        turn.now = ProcessClock.time(at: now, ahead: processes[process].clockAhead)
        nodes[process].receive(input, &turn)
        carryOut(process)
    }

    // MARK: Waking

    private mutating func scheduleWake(_ process: Int) {
        let deadline = nodes[process].nextDeadline
        guard let due = processes[process].wakeUp(neededFor: deadline) else { return }
        if let handle = processes[process].wakeHandle { queue.cancel(handle) }
        processes[process].scheduleWake(at: due, now, process, &queue)
    }

    mutating func wake(_ process: Int, life: UInt32) {
        guard processes[process].life == life else { return }
        fingerprint.combine(UInt64(process) << 8 | 2)
        processes[process].forgetWake()
        let due = ProcessClock.instant(
            of: nodes[process].nextDeadline, ahead: processes[process].clockAhead)
        if processes[process].thread.isFree, due > now, processes[process].links.deadline > now {
            scheduleWake(process)
            return
        }
        hand(.wake, to: process)
    }

    mutating func cancelWake(_ process: Int) {
        if let handle = processes[process].wakeHandle { queue.cancel(handle) }
        processes[process].forgetWake()
    }

    // MARK: Effects

    /// Does what the node wants done, in its order, up to a flush; what stands behind that waits.
    private mutating func carryOut(_ process: Int) {
        while let effect = turn.effects.popFirst() {
            carryOut(effect, process)
            let thread = processes[process].thread
            if !thread.isUp { return turn.effects.removeAll() }
            if thread.isFlushing {
                if !turn.effects.isEmpty { swap(&processes[process].effects, &turn.effects) }
                return
            }
        }
    }

    /// Does what waited for a flush, or for the end of a pause.
    mutating func carryOutRest(_ process: Int) {
        if processes[process].effects.isEmpty { return }
        swap(&processes[process].effects, &turn.effects)
        carryOut(process)
    }

    private mutating func carryOut(_ effect: consuming RaftEffect, _ process: Int) {
        switch consume effect {
        case .send(let its):
            send(its.request, to: its.destination, its.correlation, process)
        case .reply(let its): reply(its.response, to: its.token, process)
        case .persist(let election):
            guard processes[process].disk.replace(.quorumState) else {
                return fail(.persist(election), process)
            }
            beginFlush(.quorumState, process)
        case .write(let file, let bytes):
            if !processes[process].disk.write(bytes, to: FileID(file)) {
                fail(.write(file, bytes: bytes), process)
            }
        case .cut(let file, let bytes):
            processes[process].disk.cut(bytes, from: FileID(file))
            if file == .log { nodes[process].didCutLog() }
        case .delete(let file): processes[process].disk.delete(FileID(file))
        case .flush(let file): beginFlush(FileID(file), process)
        case .tell(let news): tell(news, process)
        case .callResult(let result): returnCall(result, process)
        case .died(let death):
            note(.died(death.reason), process)
            end(process)
        case .stopped:
            note(.stopped, process)
            end(process)
        }
    }

    /// The thread waits until the file is on the disk.
    private mutating func beginFlush(_ file: FileID, _ process: Int) {
        let logEnd = nodes[process].storage.log.end
        let done = processes[process].beginFlush(file, logEnd: logEnd, at: now, &turn.choices)
        if done == now {
            reachDisk(file, process)
        } else {
            let event = Event.flushed(Int32(process), life: processes[process].life)
            queue.schedule(event, at: done)
        }
    }

    mutating func finishFlush(_ process: Int, life: UInt32) {
        guard processes[process].life == life, let file = processes[process].flushing else {
            return
        }
        fingerprint.combine(UInt64(process) << 8 | 3)
        reachDisk(file, process)
        if processes[process].thread.isPaused { return }
        carryOutRest(process)
        workOff(process)
    }

    private mutating func reachDisk(_ file: FileID, _ process: Int) {
        processes[process].finishFlush(file)
        if file == .quorumState {
            reachDiskWithElection(process)
        } else if file == .log, !processes[process].disk.lies {
            note(.flushed(logEnd: processes[process].flushedLogEnd), process)
            traceFlush(process)
        }
    }

    /// The quorum state is on the disk, if that does not lie; newer versions may still wait.
    private mutating func reachDiskWithElection(_ process: Int) {
        let waiting = (processes[process].effects.items + turn.effects.items).count { effect in
            if case .persist = effect { true } else { false }
        }
        let saved = nodes[process].storage.election(behind: waiting)
        if let saved, let candidate = saved.voted {
            note(.promisedVote(epoch: saved.epoch, candidate: candidate), process)
        }
        if !processes[process].disk.lies { nodes[process].didPersistElection(waiting: waiting) }
    }

    /// The disk is full: Kafka halts a process whose metadata log directory fails.
    private mutating func fail(_ effect: RaftEffect, _ process: Int) {
        turn.effects.putBack(effect)
        note(.diskFailed, process)
        kill(process)
    }
}

extension FileID {
    static let quorumState = FileID(0)
    static let log = FileID(1)

    init(_ file: RaftFile) {
        switch file {
        case .quorumState: self = .quorumState
        case .log: self = .log
        case .snapshot(let id):
            self.init(2 + (UInt64(id.offset) << 20 ^ UInt64(UInt32(bitPattern: id.epoch))))
        }
    }
}
