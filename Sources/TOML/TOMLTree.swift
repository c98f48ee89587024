/// The tables of a document while it is read: who may still be opened, extended or closed.
///
/// Nodes live in one array and name each other by index, and one hash table finds any key of any
/// table, so every step costs the same however large the document has grown.
struct TOMLTree {
    typealias NodeID = Int
    static let root: NodeID = 0

    private enum Role {
        /// Exists because a longer header passed through it; its own header may still come.
        case passedThrough
        /// Has had its header (or is the document, or an element of an array of tables).
        case opened
        /// Made by dotted keys; only dotted keys of the same section and deeper headers extend it.
        case dotted
        /// `[[…]]`: its last element is where headers go on.
        case arrayOfTables
        /// A finished value.
        case value
    }

    private struct Node {
        var role: Role
        var position: TOMLPosition
        var depth: Int
        var value: TOMLValue?
        var keys: [TOMLKey] = []
        var pathPositions: [TOMLPosition] = []
        /// The nodes of `keys`, or the elements of an array of tables.
        var children: [NodeID] = []
    }

    private struct Place: Hashable {
        var table: NodeID
        var key: [UInt8]
    }

    private var nodes = [
        Node(role: .opened, position: TOMLPosition(line: 1, column: 1), depth: 0)
    ]
    private var nodeAt: [Place: NodeID] = [:]

    func depth(of node: NodeID) -> Int {
        nodes[node].depth
    }

    mutating func makeInlineTable(depth: Int, at position: TOMLPosition) -> NodeID {
        nodes.append(Node(role: .opened, position: position, depth: depth))
        return nodes.count - 1
    }

    /// The table as a value. Its nodes give their contents away.
    mutating func takeTable(_ id: NodeID) -> TOMLTable {
        let node = nodes[id]
        var entries: [TOMLTable.Entry] = []
        entries.reserveCapacity(node.keys.count)
        for index in node.keys.indices {
            let value = takeValue(node.children[index])
            entries.append(
                TOMLTable.Entry(
                    key: node.keys[index].text, keyPosition: node.keys[index].position,
                    pathPosition: node.pathPositions[index], value: value))
        }
        return TOMLTable(entries: entries)
    }

    private mutating func takeValue(_ id: NodeID) -> TOMLValue {
        if let value = nodes[id].value {
            nodes[id].value = nil
            return value
        }
        let position = nodes[id].position
        guard nodes[id].role == .arrayOfTables else {
            return TOMLValue(.table(takeTable(id)), at: position)
        }
        var elements: [TOMLValue] = []
        for element in nodes[id].children {
            elements.append(takeValue(element))
        }
        return TOMLValue(.array(elements), at: position)
    }

    /// A new node for the key at this place of a path.
    private mutating func add(
        _ node: Node, as path: [TOMLKey], _ place: Int, in table: NodeID
    ) -> NodeID {
        let id = nodes.count
        let key = path[place]
        nodes.append(node)
        nodes[table].keys.append(key)
        nodes[table].pathPositions.append(path[0].position)
        nodes[table].children.append(id)
        nodeAt[Place(table: table, key: key.bytes)] = id
        return id
    }

    private mutating func addElement(to array: NodeID, at position: TOMLPosition) -> NodeID {
        let id = nodes.count
        nodes.append(Node(role: .opened, position: position, depth: nodes[array].depth + 1))
        nodes[array].children.append(id)
        return id
    }
}

extension TOMLTree {
    /// `[path]`
    mutating func openTable(
        _ path: [TOMLKey], at position: TOMLPosition
    ) throws(TOMLError) -> NodeID {
        let parent = try passThrough(path, at: position)
        let key = path[path.count - 1]
        guard let id = nodeAt[Place(table: parent, key: key.bytes)] else {
            let depth = try deeper(parent, at: key)
            let node = Node(role: .opened, position: position, depth: depth)
            return add(node, as: path, path.count - 1, in: parent)
        }
        guard nodes[id].role == .passedThrough else { throw alreadyDefined(path[...], id, at: key) }
        nodes[id].role = .opened
        nodes[id].position = position
        return id
    }

    /// `[[path]]`
    mutating func openElement(
        _ path: [TOMLKey], at position: TOMLPosition
    ) throws(TOMLError) -> NodeID {
        let parent = try passThrough(path, at: position)
        let key = path[path.count - 1]
        if let id = nodeAt[Place(table: parent, key: key.bytes)] {
            guard nodes[id].role == .arrayOfTables else {
                throw alreadyDefined(path[...], id, at: key)
            }
            return addElement(to: id, at: position)
        }
        let depth = try deeper(parent, at: key)
        _ = try deeper(depth: depth, at: key)
        let node = Node(role: .arrayOfTables, position: position, depth: depth)
        let array = add(node, as: path, path.count - 1, in: parent)
        return addElement(to: array, at: position)
    }

    /// `path = value`. Dotted keys may not reach into a table that a header opened.
    mutating func define(
        _ path: [TOMLKey], as value: TOMLValue, in table: NodeID
    ) throws(TOMLError) {
        var parent = table
        for (index, key) in path.dropLast().enumerated() {
            if let id = nodeAt[Place(table: parent, key: key.bytes)] {
                guard nodes[id].role == .dotted || nodes[id].role == .passedThrough else {
                    throw cannotExtend(path[...index], id, at: key)
                }
                nodes[id].role = .dotted
                parent = id
            } else {
                let depth = try deeper(parent, at: key)
                let node = Node(role: .dotted, position: key.position, depth: depth)
                parent = add(node, as: path, index, in: parent)
            }
        }
        let key = path[path.count - 1]
        if let id = nodeAt[Place(table: parent, key: key.bytes)] {
            throw alreadyDefined(path[...], id, at: key)
        }
        let depth = try deeper(parent, at: key)
        let node = Node(role: .value, position: key.position, depth: depth, value: value)
        _ = add(node, as: path, path.count - 1, in: parent)
    }

    /// The table that holds a header's last key; what is missing on the way is made.
    private mutating func passThrough(
        _ path: [TOMLKey], at position: TOMLPosition
    ) throws(TOMLError) -> NodeID {
        var table = TOMLTree.root
        for (index, key) in path.dropLast().enumerated() {
            guard let id = nodeAt[Place(table: table, key: key.bytes)] else {
                let depth = try deeper(table, at: key)
                let node = Node(role: .passedThrough, position: position, depth: depth)
                table = add(node, as: path, index, in: table)
                continue
            }
            switch nodes[id].role {
            case .passedThrough, .opened, .dotted: table = id
            case .arrayOfTables: table = nodes[id].children[nodes[id].children.count - 1]
            case .value: throw cannotExtend(path[...index], id, at: key)
            }
        }
        return table
    }

    private func deeper(_ table: NodeID, at key: TOMLKey) throws(TOMLError) -> Int {
        try deeper(depth: nodes[table].depth, at: key)
    }

    private func deeper(depth: Int, at key: TOMLKey) throws(TOMLError) -> Int {
        guard depth < deepestTOMLNesting else {
            throw TOMLError(
                "nested more than \(deepestTOMLNesting) levels deep", at: key.position)
        }
        return depth + 1
    }

    private func alreadyDefined(
        _ path: ArraySlice<TOMLKey>, _ id: NodeID, at key: TOMLKey
    ) -> TOMLError {
        let line = nodes[id].position.line
        return TOMLError("\(name(path)) is already defined on line \(line)", at: key.position)
    }

    private func cannotExtend(
        _ path: ArraySlice<TOMLKey>, _ id: NodeID, at key: TOMLKey
    ) -> TOMLError {
        let line = nodes[id].position.line
        let what =
            switch nodes[id].role {
            case .arrayOfTables: "an array of tables"
            case .value: valueName(nodes[id].value)
            case .passedThrough, .opened, .dotted: "a table with its own header"
            }
        return TOMLError(
            "\(name(path)) is \(what) since line \(line) and takes no keys here",
            at: key.position)
    }

    private func valueName(_ value: TOMLValue?) -> String {
        switch value?.kind {
        case .table: "an inline table"
        case .array: "an array"
        default: "a value"
        }
    }

    private func name(_ path: ArraySlice<TOMLKey>) -> String {
        quoted(path.map(\.text).joined(separator: "."))
    }
}
