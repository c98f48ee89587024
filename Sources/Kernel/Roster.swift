/// A fixed row of big values, such as the processes of a world, each in storage of its own.
///
/// A fork costs one reference, and the first write after it one more a place and a copy of only
/// the value that is written. Reading in place copies nothing, whatever is read: an array hands
/// out a copy when it is asked for anything but a stored property of its element.
@frozen
public struct Roster<Element: Sendable>: RandomAccessCollection, @unchecked Sendable {
    @usableFromInline var row: RosterRow
    public let endIndex: Int

    public init(_ elements: some Sequence<Element>) {
        let boxes = elements.map { SharedBox.make($0) as AnyObject }
        row = .make(boxes)
        endIndex = boxes.count
    }

    @inlinable public var startIndex: Int { 0 }

    @inlinable
    @inline(__always)
    func box(_ place: Int) -> SharedBox<Element> {
        precondition(UInt(bitPattern: place) < UInt(bitPattern: endIndex), "no such place")
        return unsafeDowncast(row.places[place], to: SharedBox<Element>.self)
    }

    @inlinable
    public subscript(place: Int) -> Element {
        // The address holds as long as `self` is borrowed, and nobody writes meanwhile.
        unsafeAddress { UnsafePointer(box(place).place) }
        _modify {
            precondition(UInt(bitPattern: place) < UInt(bitPattern: endIndex), "no such place")
            if !isKnownUniquelyReferenced(&row) { row = row.copy() }
            if !isKnownUniquelyReferenced(&row.places[place]) {
                row.places[place] = box(place).copy()
            }
            yield &box(place).place.pointee
        }
    }
}

/// Holds the boxes of a roster's elements, of whatever kind: so it can be forgotten without asking
/// what that is. Whoever changes a place makes sure first that row and box are its own.
@usableFromInline
final class RosterRow: ManagedBuffer<Int, AnyObject> {
    static func make(_ boxes: [AnyObject]) -> RosterRow {
        let row = create(minimumCapacity: boxes.count) { _ in boxes.count }
        row.withUnsafeMutablePointerToElements { places in
            for (index, box) in boxes.enumerated() { (places + index).initialize(to: box) }
        }
        return unsafeDowncast(row, to: RosterRow.self)
    }

    @inlinable
    @inline(__always)
    var places: UnsafeMutablePointer<AnyObject> { withUnsafeMutablePointerToElements { $0 } }

    @usableFromInline
    func copy() -> RosterRow {
        let (count, from) = (header, places)
        let copy = RosterRow.create(minimumCapacity: count) { _ in count }
        copy.withUnsafeMutablePointerToElements { $0.initialize(from: from, count: count) }
        return unsafeDowncast(copy, to: RosterRow.self)
    }

    deinit {
        _ = withUnsafeMutablePointers { count, places in
            places.deinitialize(count: count.pointee)
        }
    }
}
