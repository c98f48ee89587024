import Kernel

/// The sender's loop: while the producer runs, what is left when it closes, and the open
/// transaction at the very end (Sender.run).
extension Producer {
    mutating func takeTurn(_ now: Instant, _ effects: inout ProducerEffects) {
        if case .sleeping = step {} else { giveUpOverdue(now, &effects) }
        switch step {
        case .sleeping(let until, let request, let node):
            if now < until { return effects.append(.sleep(until: until)) }
            step = .polling
            return wakeUp(request, node, now, &effects)
        case .connecting(let request, let node, let until):
            return waitForConnection(request, node, until, now, &effects)
        case .polling: break
        }
        switch life {
        case .running: runOnce(now, &effects)
        case .draining:
            if !isForced, hasSomethingToDrain {
                runOnce(now, &effects)
            } else {
                life = .endingTransaction
                takeTurn(now, &effects)
            }
        case .endingTransaction: endTransaction(now, &effects)
        case .ended: break
        }
    }

    private var hasSomethingToDrain: Bool {
        accumulator.hasUndrained || !inFlight.isEmpty
            || settings.isIdempotent && !transaction.pending.isEmpty && transaction.isOngoing
    }

    private mutating func endTransaction(_ now: Instant, _ effects: inout ProducerEffects) {
        if isForced || !settings.isIdempotent || !transaction.isOngoing {
            return becomeEnded(&effects)
        }
        if !transaction.isCompleting {
            do throws(ClientError) {
                let id: CallID
                if let going = try transaction.resume(.abortTransaction) {
                    id = going
                } else {
                    id = try end(commits: false, on: .sender)
                    transaction.becomePending(.abortTransaction, id)
                }
            } catch {
                isForced = true
            }
        }
        runOnce(now, &effects)
    }

    mutating func close(forced: Bool, _ effects: inout ProducerEffects) {
        if life == .ended { return }
        accumulator.close()
        if life == .running { life = .draining }
        if forced {
            isForced = true
            becomeEnded(&effects)
        }
    }

    mutating func becomeEnded(_ effects: inout ProducerEffects) {
        life = .ended
        if isForced {
            if settings.isIdempotent {
                for request in transaction.pending {
                    transaction.outcomes.fail(request.call, .kafka)
                    transaction.becomeFatal(.kafka)
                }
                if let call = transaction.pendingCall { transaction.outcomes.fail(call.id, .kafka) }
            }
            for id in batches.incomplete { abort(id, .kafka, &effects) }
        }
        effects.append(.ended)
    }
}
