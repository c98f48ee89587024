import Kafka
import Kernel

/// What the answers that are under way are answers to, so that a trace can say it: an answer itself
/// does not know. Kept only while the world is tracing.
struct AnswerNames: Sendable {
    /// By connection: what its server is working on.
    private var served = SortedMap<UInt64, APIKey>()
    private var answered = SortedMap<Int32, APIKey>()

    mutating func serves(_ api: APIKey, on connection: ConnectionID) {
        served[connection.word] = api
    }

    mutating func answers(_ parcel: ParcelID, on connection: ConnectionID) {
        answered[parcel.rawValue] = served[connection.word]
        served[connection.word] = nil
    }

    /// Nil: the request was made before anybody traced.
    func api(of parcel: ParcelID) -> APIKey? { answered[parcel.rawValue] }
}
