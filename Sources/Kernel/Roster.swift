/// A fixed row of big values, such as the processes of a world, each in storage of its own.
///
/// A fork costs one reference a place, and the first write after it copies only the value that is
/// written. Reading in place copies nothing, whatever is read: an array hands out a copy when it is
/// asked for anything but a stored property of its element.
@frozen
public struct Roster<Element: Sendable>: RandomAccessCollection, Sendable {
    /// Invariant: each holds one element.
    @usableFromInline var places: ContiguousArray<ContiguousArray<Element>>

    public init(_ elements: some Sequence<Element>) {
        places = ContiguousArray(elements.map { [$0] })
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { places.count }

    @inlinable
    public subscript(place: Int) -> Element {
        // The address holds as long as `self` is borrowed, and nobody writes meanwhile.
        unsafeAddress {
            places[place].withUnsafeBufferPointer { $0.baseAddress! }
        }
        _modify {
            yield &places[place][0]
        }
    }
}
