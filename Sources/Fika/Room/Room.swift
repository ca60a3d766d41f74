/// A room or private chat to read and write.
///
/// What is written is on disk when a function returns, whether there is a network or not.
public struct Room: Sendable, Identifiable {
    /// Names it for life.
    public let id: RoomID
    let workspace: Workspace

    /// How it stands in the list of rooms.
    public func summary() async throws(FikaError) -> RoomSummary {
        try await workspace.read { [id] in try $0.room(id) }
    }

    /// Who is in.
    public func members() async throws(FikaError) -> [RoomMember] {
        try await workspace.read { [id] in try $0.members(of: id) }
    }

    /// A part of the timeline; its cost does not depend on the history.
    public func timeline(
        _ anchor: PageAnchor = .newest, limit: Int = 50
    ) async throws(FikaError) -> TimelinePage {
        guard limit > 0, limit <= Self.rowsMaximum else {
            throw FikaError(.invalidArgument, "a page has 1 to \(Self.rowsMaximum) rows")
        }
        let page = try await workspace.read { [id] in
            try $0.page(of: id, anchor, limit: limit)
        }
        await fillAbove(page, anchor, limit)
        return page
    }

    /// Has the relay send what is missing above a page before all else.
    private func fillAbove(_ page: TimelinePage, _ anchor: PageAnchor, _ limit: Int) async {
        guard page.missing > 0 else { return }
        let edge = try? await workspace.read { [id] in try $0.upperEdge(of: anchor, in: id) }
        guard let edge = edge ?? nil else { return }
        workspace.links.fill(id.log, before: edge, rows: limit)
    }

    /// A part of the timeline as it changes: new rows, edits, reactions, votes, what came late.
    ///
    /// Each element is the whole page as it is then. Rows are told apart by their ids, which never
    /// change. A page around the first unread row stays where it was when it was first shown,
    /// whatever is read meanwhile.
    ///
    /// - Parameters:
    ///   - anchor: Which part.
    ///   - limit: The most rows: 1 to 10,000; what lies outside is taken as the nearest of these.
    /// - Returns: Pages; it ends when the workspace is closed.
    public func timeline(around anchor: PageAnchor, limit: Int = 50) -> Observed<TimelinePage> {
        let limit = min(max(limit, 1), Self.rowsMaximum)
        let logs = [id.log, workspace.personalLog]
        let changes = workspace.changes.observe(logs)
        return Observed {
            var iterator = changes.makeAsyncIterator()
            var place = anchor
            var last: TimelinePage?
            return { [id, workspace] in
                while await iterator.next() != nil {
                    let (asked, isFirst) = (place, last == nil)
                    let read = try? await workspace.read { reader in
                        // What is unread is asked for once: reading it must not move the page.
                        let asked = isFirst ? try reader.settled(asked, in: id, limit) : asked
                        return (asked, try reader.page(of: id, asked, limit: limit))
                    }
                    guard let read, read.1 != last else { continue }
                    if isFirst { await fillAbove(read.1, read.0, limit) }
                    (place, last) = read
                    return read.1
                }
                return nil
            }
        }
    }

    /// The most rows of a page.
    static let rowsMaximum = 10_000

    /// One row.
    public func message(_ id: MessageID) async throws(FikaError) -> Message {
        try await workspace.read { try $0.message(id) }
    }

    /// Writes a message; `@name` mentions a member.
    @discardableResult
    public func send(_ text: String) async throws(FikaError) -> SentMessage {
        try await written(.send(id, text: text, reply: nil))
    }

    /// Answers a message.
    @discardableResult
    public func reply(
        to message: MessageID, _ text: String
    ) async throws(FikaError) -> SentMessage {
        try await written(.send(id, text: text, reply: message))
    }

    /// Replaces the text of an own message.
    public func edit(_ message: MessageID, _ text: String) async throws(FikaError) {
        try await workspace.perform(.edit(message, text: text))
    }

    /// Deletes a message for everybody; its text is destroyed.
    public func delete(_ message: MessageID) async throws(FikaError) {
        try await workspace.perform(.delete(message))
    }

    /// Sets whether this user stands behind an emoji; doing so twice changes nothing.
    public func setReaction(
        _ emoji: String, on isOn: Bool, for message: MessageID
    ) async throws(FikaError) {
        try await workspace.perform(.setReaction(message, emoji: emoji, isOn: isOn))
    }

    /// Pins a message for everybody.
    public func pin(_ message: MessageID) async throws(FikaError) {
        try await workspace.perform(.setPin(message, isOn: true))
    }

    /// Ends all pins of a message that are known here.
    public func unpin(_ message: MessageID) async throws(FikaError) {
        try await workspace.perform(.setPin(message, isOn: false))
    }

    /// Makes a poll.
    @discardableResult
    public func createPoll(
        _ draft: Command.PollDraft
    ) async throws(FikaError) -> SentMessage {
        try await written(.createPoll(id, draft))
    }

    /// Adds an option to a poll, where its settings allow it.
    public func addOption(_ text: String, to poll: MessageID) async throws(FikaError) {
        try await workspace.perform(.addOption(poll, text: text))
    }

    /// Sets this user's vote for options, by their places as shown, counted from 1.
    public func vote(
        _ options: [Int], on isOn: Bool = true, in poll: MessageID
    ) async throws(FikaError) {
        try await workspace.perform(.vote(poll, options: options, isOn: isOn))
    }

    /// Names the room.
    public func rename(_ name: String) async throws(FikaError) {
        try await workspace.perform(.rename(id, name: name))
    }

    /// Says what the room is about.
    public func describe(_ about: String) async throws(FikaError) {
        try await workspace.perform(.describe(id, about: about))
    }

    /// Lets a user in.
    public func invite(_ user: String, asModerator: Bool = false) async throws(FikaError) {
        try await workspace.perform(.invite(id, user: user, asModerator: asModerator))
    }

    /// Ends a user's membership.
    public func remove(_ user: String) async throws(FikaError) {
        try await workspace.perform(.remove(id, user: user))
    }

    /// Leaves the room; what is held of it stays readable here.
    public func leave() async throws(FikaError) {
        try await workspace.perform(.leave(id))
    }

    /// Marks as read what was on the screen: the rows from one to another, these included.
    ///
    /// What came late and stands above `first` stays unread (``lateAbove(limit:)``).
    ///
    /// - Parameters:
    ///   - first: The first row; nil: from the beginning.
    ///   - last: The last row; nil: up to the end of what is held.
    /// - Returns: How many rows became read.
    /// - Throws: ``FikaError``.
    @discardableResult
    public func markRead(
        from first: MessageID? = nil, upTo last: MessageID? = nil
    ) async throws(FikaError) -> Int {
        let outcome = try await workspace.perform(.markRead(id, from: first, upTo: last))
        guard case .read(let count) = outcome else { return 0 }
        return count
    }

    private func written(_ command: Command) async throws(FikaError) -> SentMessage {
        guard case .message(let id) = try await workspace.perform(command) else {
            preconditionFailure("writing a row gives its id")
        }
        return SentMessage(id: id, workspace: workspace)
    }
}
