/// A value that copies share until one of them changes it: one reference to copy, however many the
/// value holds. For what is big, and seldom written or not by every fork.
@frozen
public struct Shared<Value: Sendable>: @unchecked Sendable {
    @usableFromInline var box: SharedBox<Value>

    @inlinable
    public init(_ value: Value) {
        box = .make(value)
    }

    @inlinable
    public var value: Value {
        // The address holds as long as `self` is borrowed, and nobody writes meanwhile.
        unsafeAddress { UnsafePointer(box.place) }
        unsafeMutableAddress {
            if !isKnownUniquelyReferenced(&box) { box = box.copy() }
            return box.place
        }
    }
}

/// Holds one value. Whoever changes it makes sure first that the box is its own.
@usableFromInline
final class SharedBox<Value>: ManagedBuffer<Void, Value> {
    @inlinable
    static func make(_ value: Value) -> SharedBox {
        let box = unsafeDowncast(create(minimumCapacity: 1) { _ in }, to: SharedBox.self)
        box.place.initialize(to: value)
        return box
    }

    @inlinable
    @inline(__always)
    var place: UnsafeMutablePointer<Value> { withUnsafeMutablePointerToElements { $0 } }

    @inlinable
    @inline(never)
    func copy() -> SharedBox { .make(place.pointee) }

    @inlinable
    deinit {
        _ = withUnsafeMutablePointerToElements { $0.deinitialize(count: 1) }
    }
}
