/// Which fetch session a request belongs to, and which of its requests it is (KIP-227,
/// FetchMetadata).
///
/// A session lets a fetcher name only what has changed, and the broker answer only what is news.
/// Both count the requests, so that a lost one shows.
public struct FetchSession: Hashable, Sendable {
    /// 0: none.
    public var id: Int32
    /// 0: begin a session, and end the one that is named; -1: end it and begin none.
    public var epoch: Int32

    public init(id: Int32, epoch: Int32) {
        self.id = id
        self.epoch = epoch
    }

    /// A full request outside of any session.
    public static let none = FetchSession(id: 0, epoch: -1)
    /// A full request that would like one to begin.
    public static let new = FetchSession(id: 0, epoch: 0)

    /// Every partition that is wanted is named; otherwise only what has changed.
    public var isFull: Bool { epoch <= 0 }

    /// Of the request after this one in the same session.
    public var next: FetchSession {
        FetchSession(id: id, epoch: epoch < 0 ? -1 : epoch == .max ? 1 : epoch + 1)
    }

    /// Of a full request that ends the fetch session and would like another one.
    public var replaced: FetchSession { FetchSession(id: id, epoch: 0) }

    /// Of a full request that ends the fetch session.
    public var ended: FetchSession { FetchSession(id: id, epoch: -1) }
}
