/// A value that copies share until one of them changes it: one reference to copy, however many the
/// value holds. For what is big and seldom written.
@frozen
public struct Shared<Value: Sendable>: Sendable {
    /// Invariant: holds one element.
    @usableFromInline var place: ContiguousArray<Value>

    @inlinable
    public init(_ value: Value) {
        place = [value]
    }

    @inlinable
    public var value: Value {
        // The address holds as long as `self` is borrowed, and nobody writes meanwhile.
        unsafeAddress {
            place.withUnsafeBufferPointer { $0.baseAddress! }
        }
        _modify {
            yield &place[0]
        }
    }
}
