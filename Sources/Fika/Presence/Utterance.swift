/// Something said to those who are there now: never stored, gone when its time is over.
package struct Utterance: Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable {
        case typing
        case presence
    }

    package var room: RoomID
    /// Who says it.
    package var user: String
    package var kind: Kind
    /// For how long it holds; zero takes it back.
    package var timeToLive: Duration

    package init(room: RoomID, user: String, kind: Kind, timeToLive: Duration) {
        self.room = room
        self.user = user
        self.kind = kind
        self.timeToLive = timeToLive
    }
}
