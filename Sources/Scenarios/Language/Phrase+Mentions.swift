import Kafka
import Simulation

extension Phrase {
    /// Whether a word means something in targets, conditions or events, so that nobody can be
    /// called so.
    static func isReserved(_ word: String) -> Bool {
        firstTargetWords.contains(word)
            || ["somebody", "anybody", "nobody", "there", "epoch", "high", "log", "and", "or", "is",
                "in", "not", "on", "has", "admin", "a", "an", "the", "its", "their"].contains(word)
            || eventWords.contains { $0.split(separator: " ")[0] == word }
    }
}

/// Topics, partitions and clients by the names that the file gives them.
extension Phrase {
    /// If the next word is a topic or a partition of one: takes it.
    mutating func takeMention(_ roster: Roster) throws(Complaint) -> Roster.Mention? {
        guard roster.isCluster, let next else { return nil }
        guard let mention = try roster.mention(in: next, at: offset) else { return nil }
        skip()
        return mention
    }

    /// A partition, alone or in brackets.
    mutating func expectPartition(_ roster: Roster) throws(Complaint) -> TopicPartition {
        let place = offset
        guard let mention = try takeMention(roster) else {
            throw expected(
                "a partition such as \"orders-0\"",
                nearest: next.flatMap { nearestWord(to: $0, among: roster.topics.map(\.name)) })
        }
        guard let partition = mention.partition, mention.offset == nil else {
            throw Complaint(
                "which partition of \(mention.topic)? write \(mention.topic)-0", offset: place)
        }
        return TopicPartition(mention.topic, partition)
    }

    /// If the next word is the name of a client: takes it.
    mutating func takeClient(_ roster: Roster) -> Target? {
        guard let next, roster.clients.contains(next) else { return nil }
        skip()
        return .client(next)
    }

    /// Behind `producer` or `consumer`.
    mutating func expectClient(_ kind: String, _ roster: Roster) throws(Complaint) -> Target {
        let names = kind == "producer" ? roster.producers : roster.consumers
        guard let name = next else { throw expected("the name of the \(kind)") }
        guard names.contains(name) else {
            throw Complaint(
                "there is no \(kind) \(shown(name))",
                nearest: nearestWord(to: name, among: names), offset: offset)
        }
        skip()
        return .client(name)
    }
}
