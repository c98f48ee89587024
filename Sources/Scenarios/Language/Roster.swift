import Kafka

/// Who can be in the cluster, for finding targets that cannot be meant. Where the numbers of
/// processes are open it is as large as they can become.
struct Roster: Hashable, Sendable {
    var controllers: ClosedRange<Int>
    var standbys: ClosedRange<Int>
    var observers: ClosedRange<Int>

    /// Node ids that are voters from the start in some run.
    var voterIDs: ClosedRange<Int> { 1...controllers.upperBound }

    /// Those that are controllers in some run.
    var controllerIDs: ClosedRange<Int> { 1...(controllers.upperBound + standbys.upperBound) }

    /// Those that are observers in some run.
    var observerIDs: ClosedRange<Int>? {
        guard observers.upperBound > 0 else { return nil }
        let first = controllers.lowerBound + standbys.lowerBound + 1
        return first...(controllerIDs.upperBound + observers.upperBound)
    }

    var nodeIDs: ClosedRange<Int> { 1...(controllerIDs.upperBound + observers.upperBound) }

    /// The node, if there may be one of that kind; otherwise why not.
    func find(_ kind: String, _ number: Int64, at offset: Int) throws(Complaint) -> NodeID {
        let ids: ClosedRange<Int>? =
            switch kind {
            case "voter": voterIDs
            case "controller": controllerIDs
            case "node": nodeIDs
            default: observerIDs
            }
        guard let ids else {
            throw Complaint("there is no \(kind) \(number): the cluster has none", offset: offset)
        }
        if number <= Int.max, ids.contains(Int(number)) { return NodeID(Int32(number)) }
        let list =
            ids.count == 1
            ? "the only \(kind) is \(ids.lowerBound)" : "the \(kind)s are \(words(ids))"
        let its = other(number).map { "\(number) is \($0), " } ?? ""
        throw Complaint("there is no \(kind) \(number): \(its)\(list)", offset: offset)
    }

    private func other(_ number: Int64) -> String? {
        guard let id = Int(exactly: number) else { return nil }
        if voterIDs.contains(id) { return "a voter" }
        if controllerIDs.contains(id) { return "a standby controller" }
        return observerIDs?.contains(id) == true ? "an observer" : nil
    }

    private func words(_ ids: ClosedRange<Int>) -> String {
        guard ids.count <= 5 else { return "\(ids.lowerBound) to \(ids.upperBound)" }
        return ids.dropLast().map(String.init).joined(separator: ", ") + " and \(ids.upperBound)"
    }
}
