import Kafka
import Kernel

/// The random numbers of one operation: those that Kafka drew are given, in its order; drawing
/// others, or in another order, shows in the answer.
struct RecordedChoices {
    static let actor = ActorID(1)

    var choices = Choices(seed: 0)
    private var expected: [String] = []

    /// The numbers that the line says were drawn: `draws=[e412,b1]`.
    mutating func expect(_ operation: VectorLine) throws {
        choices = Choices(seed: 0)
        expected = try operation.list("draws").map(String.init)
        var counts: [Purpose: UInt32] = [:]
        for draw in expected {
            let purpose: Purpose = draw.hasPrefix("e") ? .raftElectionTimeout : .raftBootstrapServer
            let ordinal = counts[purpose, default: 0]
            counts[purpose] = ordinal + 1
            let key = Choices.Key(actor: Self.actor, purpose: purpose, ordinal: ordinal)
            choices.override(key, with: try VectorText.int(draw.dropFirst()))
        }
        choices.startRecording()
    }

    /// Empty if exactly those numbers were drawn.
    var surprise: String {
        let made = (choices.recording.map { Array($0[$0.startIndex..<$0.endIndex]) } ?? []).map {
            "\($0.key.purpose == .raftElectionTimeout ? "e" : "b")\($0.value)"
        }
        return made == expected ? "" : " (drew [\(made.joined(separator: ","))])"
    }
}
