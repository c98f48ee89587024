import Kernel
import Simulation

/// What a run keeps of what happens in it, for its account. What happens all the time is none of
/// that.
struct Ledger: Sendable {
    private(set) var faults: [(at: Instant, note: Note)] = []
    /// Why which client gave up records, in the order in which that happened first.
    private(set) var givenUp: [(client: Int, error: String, records: Int64)] = []

    private static let kinds: [Happening.Kind] = [
        .crashed, .lostPower, .paused, .resumed, .stopped, .died, .diskFailed, .started, .struck,
        .mended, .sendFailed,
    ]

    /// The kinds that it wants to hear of.
    static let interests = Happening.Kind.bits(kinds)

    mutating func observe(_ world: World) {
        for note in world.notes where Self.kinds.contains(note.happening.kind) {
            if case .client(.failed(let tickets, let error)) = note.happening {
                giveUp(Int64(tickets.count), error.words, by: note.node)
            } else {
                faults.append((world.now, note))
            }
        }
    }

    private mutating func giveUp(_ records: Int64, _ error: String, by client: Int) {
        let place = givenUp.firstIndex { $0.client == client && $0.error == error }
        if let place {
            givenUp[place].records += records
        } else {
            givenUp.append((client, error, records))
        }
    }
}

extension Run {
    var account: Outcome.Account {
        var account = Outcome.Account()
        account.steps = zip(plan.steps, world.stepTimes).map {
            Outcome.Step(text: $0.text, line: $0.line, firedAt: $1)
        }
        account.orders = world.adminAnswers.map { answer in
            Outcome.Order(
                at: answer.at, order: answer.order,
                line: answer.step.map { plan.steps[$0].line },
                refusal: answer.error == .none ? nil : answer.error.name,
                isQuestion: answer.isQuestion, answer: answer.lines)
        }
        account.faults = ledger.faults.map { fault in
            Outcome.Moment(
                at: fault.at,
                text: "\(world.name(fault.note.node)) \(world.words(of: fault.note.happening))")
        }
        account.clients = world.clientProcesses.map { client in
            let tally = world.tally(of: client)
            let isProducer = world.producerProcesses.contains(client)
            let counts: [ClientTally.Count] =
                isProducer ? [.acknowledged, .failed, .refused, .thrown] : [.received, .thrown]
            return Outcome.Client(
                name: world.name(client), isProducer: isProducer,
                tally: counts.map { ($0.rawValue, tally[$0]) },
                givenUp: ledger.givenUp.filter { $0.client == client }
                    .map { ($0.error, $0.records) })
        }
        account.settings = plan.settings
        return account
    }
}
