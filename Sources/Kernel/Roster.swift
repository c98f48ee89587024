/// A fixed row of big values, such as the processes of a world, each in storage of its own.
///
/// A fork costs one reference, and the first write after it one more a place and a copy of only
/// the value that is written. Reading in place copies nothing, whatever is read: an array hands
/// out a copy when it is asked for anything but a stored property of its element.
@frozen
public struct Roster<Element: Sendable>: RandomAccessCollection, @unchecked Sendable {
    @usableFromInline var row: RosterRow<Element>
    public let endIndex: Int

    public init(_ elements: some Sequence<Element>) {
        let elements = Array(elements)
        row = .make(elements)
        endIndex = elements.count
    }

    @inlinable public var startIndex: Int { 0 }

    @inlinable
    public subscript(place: Int) -> Element {
        // The address holds as long as `self` is borrowed, and nobody writes meanwhile.
        unsafeAddress {
            precondition(UInt(bitPattern: place) < UInt(bitPattern: endIndex), "no such place")
            return UnsafePointer(row.places[place].box.place)
        }
        _modify {
            precondition(UInt(bitPattern: place) < UInt(bitPattern: endIndex), "no such place")
            if !isKnownUniquelyReferenced(&row) { row = row.copy() }
            yield &row.places[place].value
        }
    }
}

/// Holds the places of a roster. Whoever changes one makes sure first that the row is its own.
@usableFromInline
final class RosterRow<Element: Sendable>: ManagedBuffer<Int, Shared<Element>> {
    @inlinable
    static func make(_ elements: [Element]) -> RosterRow {
        let row = create(minimumCapacity: elements.count) { _ in elements.count }
        row.withUnsafeMutablePointerToElements { places in
            for (index, element) in elements.enumerated() {
                (places + index).initialize(to: Shared(element))
            }
        }
        return unsafeDowncast(row, to: RosterRow.self)
    }

    @inlinable
    @inline(__always)
    var places: UnsafeMutablePointer<Shared<Element>> { withUnsafeMutablePointerToElements { $0 } }

    @inlinable
    @inline(never)
    func copy() -> RosterRow {
        let copy = RosterRow.create(minimumCapacity: header) { _ in header }
        copy.withUnsafeMutablePointerToElements { $0.initialize(from: places, count: header) }
        return unsafeDowncast(copy, to: RosterRow.self)
    }

    @inlinable
    deinit {
        _ = withUnsafeMutablePointers { count, places in
            places.deinitialize(count: count.pointee)
        }
    }
}
