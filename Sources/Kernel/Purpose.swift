/// What a choice is for.
///
/// Only the code takes part in a run; names are for people and live in `PurposeNames`, as values
/// that each room lists beside its purposes and the scenario reader joins. The high byte of a code
/// says whose it is, so that rooms number theirs without asking each other: 0x01 network, 0x02
/// disk, 0x03 simulation, 0x04 raft, 0x05 log, 0x06 broker, 0x07 controller, 0x08 clients,
/// 0x09 scenarios. The architecture tests hold all codes of the house apart.
@frozen
public struct Purpose: Comparable, Hashable, Sendable {
    public let code: UInt16

    @inlinable
    public init(code: UInt16) {
        self.code = code
    }

    @inlinable
    public static func < (left: Purpose, right: Purpose) -> Bool { left.code < right.code }
}

/// The words for purposes, in both directions: what a recording prints, a scenario file can name.
///
///     extension PurposeNames {
///         public static let network: PurposeNames = ["network.latency": .networkLatency]
///     }
///
/// Invariant: no name and no code occurs twice.
public struct PurposeNames: ExpressibleByDictionaryLiteral, Sendable {
    public private(set) var byName: SortedMap<String, Purpose>
    private var byPurpose: SortedMap<Purpose, String>

    public init(dictionaryLiteral elements: (String, Purpose)...) {
        byName = SortedMap()
        byPurpose = SortedMap()
        for (name, purpose) in elements { add(name, purpose) }
    }

    public init(joining rooms: [PurposeNames]) {
        self.init()
        for room in rooms {
            for (name, purpose) in room.byName { add(name, purpose) }
        }
    }

    public subscript(purpose: Purpose) -> String? { byPurpose[purpose] }

    public subscript(name: String) -> Purpose? { byName[name] }

    private mutating func add(_ name: String, _ purpose: Purpose) {
        precondition(byName[name] == nil, "two purposes are called \(name)")
        precondition(byPurpose[purpose] == nil, "purpose code \(purpose.code) has two names")
        byName[name] = purpose
        byPurpose[purpose] = name
    }
}
