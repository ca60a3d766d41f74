public import Foundation

/// How a link stands, in a form that another process can be told.
public struct LinkReport: Hashable, Sendable, Codable {
    /// Where it leads.
    public var address: RelayAddress
    /// How it stands.
    public var phase: Phase
    /// How much of what was missing has come.
    public var done: Int
    /// How much was missing; 0 while that is not known.
    public var total: Int
    /// When it is tried again.
    public var nextAttempt: Date?
    /// Why it was refused.
    public var reason: String?

    /// Rooms that the relay does not know: what is for them goes out once somebody who has them has
    /// connected.
    public var unknownRooms: [RoomID]

    /// How a link stands, in one word.
    public enum Phase: String, Hashable, Sendable, Codable {
        /// Without a connection.
        case offline
        /// Called, without an answer yet.
        case connecting
        /// Taking in what is missing.
        case syncing
        /// Nothing is missing.
        case upToDate
        /// Not wanted.
        case refused
    }

    /// Creates a report of a state.
    public init(address: RelayAddress, state: Link.State, unknownRooms: [RoomID] = []) {
        self.address = address
        self.unknownRooms = unknownRooms
        (done, total) = (0, 0)
        switch state {
        case .offline(let next):
            phase = .offline
            nextAttempt = next
        case .connecting: phase = .connecting
        case .syncing(let done, let total):
            phase = .syncing
            (self.done, self.total) = (done, total)
        case .upToDate: phase = .upToDate
        case .refused(let error):
            phase = .refused
            reason = error.message
        }
    }

    init(_ link: Link) {
        self.init(address: link.address, state: link.state, unknownRooms: link.unknownRooms)
    }
}
