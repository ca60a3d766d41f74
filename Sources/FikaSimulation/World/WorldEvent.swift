import FikaNet

/// What can happen next in a world.
enum WorldEvent {
    /// Somebody does something.
    case act
    /// Something goes wrong.
    case fault
    /// A disk fails.
    case diskFault
    /// The disks have room again.
    case diskRoom
    /// From now on nothing goes wrong, and everybody is online.
    case heal
    /// A client connects, unless another attempt took this one's place.
    case dial(client: Int, attempt: UInt64)
    /// The relay learns of a connection.
    case opened(ConnectionID)
    /// Bytes may have come in at an end.
    case arrive(ConnectionID, WorldLink.End)
    /// An end learns that its connection is gone.
    case gone(ConnectionID, WorldLink.End)
    /// The relay takes what it has gathered, in one turn.
    case relayTurn
    /// Bytes may have come in at an end of a meeting.
    case arriveAtMeeting(UInt64, end: Int)
    case partMeeting(UInt64)
    case tickClient(Int)
    case tickRelay
    case restartClient(Int)
    case restartRelay
    /// A client's cable goes in again.
    case online(Int)
}
