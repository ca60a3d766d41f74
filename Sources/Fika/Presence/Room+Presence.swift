extension Room {
    /// For how long a word about typing holds.
    private static let typingTime = Duration.seconds(6)
    /// For how long a word about being there holds.
    private static let presenceTime = Duration.seconds(90)

    /// Tells those who are connected now that this user is writing something.
    ///
    /// It holds for a few seconds, so it is called again while the writing goes on; `false` takes
    /// it back. Nothing of it is stored, and without a link nobody is told.
    public func setTyping(_ isTyping: Bool = true) {
        say(.typing, isTyping ? Self.typingTime : .zero)
    }

    /// Tells those who are connected now that this user is here, for a minute and a half.
    public func setPresent(_ isPresent: Bool = true) {
        say(.presence, isPresent ? Self.presenceTime : .zero)
    }

    /// The other users who are writing something in this room.
    public var typing: Observed<[String]> { workspace.presence.users(.typing, in: id) }

    /// The other users who have said that they are here.
    public var present: Observed<[String]> { workspace.presence.users(.presence, in: id) }

    private func say(_ kind: Utterance.Kind, _ time: Duration) {
        workspace.links.say(
            Utterance(room: id, user: workspace.user, kind: kind, timeToLive: time))
    }
}
