/// Who is known to do something, and until when; a value without a clock.
package struct Leases: Sendable {
    private struct Key: Hashable {
        var room: RoomID
        var user: String
        var kind: Utterance.Kind
    }

    private var ends: [Key: Duration] = [:]

    package init() {}

    /// The most leases that are kept; whoever says more is not listened to.
    package static let countMaximum = 10_000

    /// Takes what somebody said at a time.
    package mutating func take(_ utterance: Utterance, at now: Duration) {
        ends = ends.filter { $0.value > now }
        let key = Key(room: utterance.room, user: utterance.user, kind: utterance.kind)
        guard utterance.timeToLive > .zero else {
            ends[key] = nil
            return
        }
        guard ends[key] != nil || ends.count < Self.countMaximum else { return }
        ends[key] = now + utterance.timeToLive
    }

    /// The users who do something in a room at a time, rising, and when the first of them ends.
    package func users(
        _ kind: Utterance.Kind, in room: RoomID, at now: Duration
    ) -> (users: [String], firstEnd: Duration?) {
        let found = ends.filter { $0.key.room == room && $0.key.kind == kind && $0.value > now }
        return (found.keys.map(\.user).sorted(), found.values.min())
    }
}
