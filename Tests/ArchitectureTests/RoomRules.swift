/// Rules about the rooms inside Kafka: Domain, then Log and Raft, then Broker, Controller and
/// Clients, which meet only as messages in Domain.
extension Rule {
    private static let above: [String: [String]] = [
        "Domain": ["Log", "Raft", "Broker", "Controller", "Clients"],
        "Log": ["Broker", "Controller", "Clients"],
        "Raft": ["Broker", "Controller", "Clients"],
        "Broker": ["Controller", "Clients"],
        "Controller": ["Broker", "Clients"],
        "Clients": ["Broker", "Controller"],
    ]

    static let roomRules = [
        Rule(name: "a room of Kafka names no type of a room beside or above it") { tree in
            let kafka = tree.sources.filter { $0.module == "Kafka" }
            var homes: [String: String] = [:]
            var nested: [String: Set<String>] = [:]
            for file in kafka {
                for type in file.declaredTypes { homes[type.text] = file.room }
                nested[file.room ?? "", default: []].formUnion(file.nestedTypes)
            }
            return kafka.flatMap { file in
                let ownNames = nested[file.room ?? ""] ?? []
                return file.tokens.indices.compactMap { index -> Offence? in
                    let token = file.tokens[index]
                    let isMember = index > 0 && file.tokens[index - 1].text == "."
                    guard !isMember, let home = homes[token.text], let room = file.room,
                        above[room]?.contains(home) == true, !ownNames.contains(token.text)
                    else { return nil }
                    return Offence(
                        path: file.path, line: token.line, what: "names \(token.text) of \(home)")
                }
            }
        },
        Rule(name: "Kafka has the rooms of the design") { tree in
            tree.sources.filter { $0.module == "Kafka" && above[$0.room ?? ""] == nil }.map {
                Offence(path: $0.path, line: 1, what: "stands in no room of Kafka")
            }
        },
    ]
}
