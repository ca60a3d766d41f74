import FikaCRDT
import FikaLog
import FikaStore

extension Workspace {
    /// The rooms and private chats, in the order of the list.
    public func roomList() async throws(FikaError) -> [RoomSummary] {
        try await read { try $0.rooms() }
    }

    /// The list of rooms and private chats as it changes: new rooms, messages, unread counts.
    public var rooms: Observed<[RoomSummary]> {
        observe { try $0.rooms() }
    }

    /// The room that has this id; whether it is known shows when it is used.
    public func room(_ id: RoomID) -> Room {
        Room(id: id, workspace: self)
    }

    /// Makes a room; it is on disk when this returns.
    public func createRoom(
        _ name: String, about: String = "", members: [String] = [],
        kind: RoomSummary.Kind = .room
    ) async throws(FikaError) -> Room {
        try await room(
            from: .createRoom(name: name, about: about, members: members, kind: kind))
    }

    /// The chat with a user, or with oneself; it is the same for both, whoever opens it first.
    public func privateChat(with user: String) async throws(FikaError) -> Room {
        try await room(from: .privateChat(user: user))
    }

    private func room(from command: Command) async throws(FikaError) -> Room {
        guard case .room(let id) = try await perform(command) else {
            preconditionFailure("making a room gives a room")
        }
        return room(id)
    }

    /// What was written here and is not yet accepted.
    public var outbox: Outbox { Outbox(workspace: self) }

    /// Searches the texts of all rooms that this user is in; diacritics and case do not matter.
    ///
    /// - Parameters:
    ///   - text: Words that all must be there; the last may be only begun.
    ///   - room: Where; nil: everywhere.
    ///   - limit: The most hits.
    /// - Returns: The newest hits.
    /// - Throws: ``FikaError``.
    public func search(
        _ text: String, in room: RoomID? = nil, limit: Int = 50
    ) async throws(FikaError) -> SearchResult {
        try await read { try $0.search(text, in: room, limit: limit) }
    }

    /// Looks into the op log.
    public var inspection: Inspection { Inspection(workspace: self) }

    /// Finds the room that people mean: `#name`, a name, `@user` for a private chat, or the first
    /// four or more digits of an id.
    ///
    /// - Throws: ``FikaError``: `notFound`, or `ambiguous` with the candidates in the message.
    public func findRoom(_ reference: String) async throws(FikaError) -> RoomSummary {
        try await read { try $0.findRoom(reference) }
    }

    /// Finds the row that people mean: a whole id, or its short form, the first digits of the
    /// writer and the number, as `a1b2c3:17`.
    ///
    /// - Throws: ``FikaError``: `notFound`, or `ambiguous`.
    public func findMessage(_ reference: String) async throws(FikaError) -> Message {
        try await read { try $0.findMessage(reference) }
    }
}
