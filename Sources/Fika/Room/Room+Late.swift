extension Room {
    /// What came late: the rows that this user has yet to read, though later ones are read.
    ///
    /// They stand where they were said, so whoever reads on at the end does not see them. Show
    /// that they are there, with ``Message/time`` and ``Message/acceptedAt``, and let people jump
    /// to them; reading what is newer does not take them off this list.
    ///
    /// - Parameter limit: The most rows: 1 to 10,000; the first ones are given.
    /// - Returns: The rows in the order of the timeline.
    /// - Throws: ``FikaError``.
    public func lateAbove(limit: Int = 50) async throws(FikaError) -> [Message] {
        guard limit > 0, limit <= Self.rowsMaximum else {
            throw FikaError(.invalidArgument, "a list has 1 to \(Self.rowsMaximum) rows")
        }
        return try await workspace.read { [id] in try $0.lateAbove(in: id, limit: limit) }
    }

    /// The rows that came late, as they come and are read.
    ///
    /// - Parameter limit: The most rows: 1 to 10,000; what lies outside is taken as the nearest.
    /// - Returns: Lists as ``lateAbove(limit:)`` gives them; it ends when the workspace is closed.
    public func lateAboveChanges(limit: Int = 50) -> Observed<[Message]> {
        let limit = min(max(limit, 1), Self.rowsMaximum)
        return workspace.observe([id.log, workspace.personalLog]) { [id] in
            try $0.lateAbove(in: id, limit: limit)
        }
    }
}
