import Kafka
import Kernel

/// What can happen next. Plain words: what a packet carries lies in the world's `parcels`.
enum Event: Sendable {
    case packet(Packet)
    case wake(Int32, life: UInt32)
    case laneWake(Int32, life: UInt32)
    /// The flush that a process waits for is done.
    case flushed(Int32, life: UInt32)
    case start(Int32)
    /// The cluster stands, and the run begins: from here on its seed rules.
    case begin
    case propose(Int32)
    case step(Int32)
    /// A standing fault has lasted as long as it should.
    case heal(Int32)
    /// A family of random faults strikes.
    case chaos(Int32)
    case chaosEnds
    /// A fault that is part of another, such as one clog of a swizzle.
    case delayed(Int32)
}

/// What a process finds when it looks for work: its one thread takes these in order.
enum Task: Sendable {
    case wake
    case request(ConnectionID, ParcelID)
    case answer(ConnectionID, ParcelID)
    case opened(ConnectionID)
    /// A connection was refused or broke.
    case broken(ConnectionID)
    case failed(CorrelationID)
    /// Something from inside the process or from its administrator.
    case command(ParcelID)
}
