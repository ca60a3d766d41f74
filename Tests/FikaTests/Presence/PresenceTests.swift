import Fika
import FikaCRDT
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PresenceTests {
    private let room: RoomID

    init() throws {
        room = try #require(RoomID(String(repeating: "a1", count: 16)))
    }

    private func typing(_ user: String, _ seconds: Int) -> Utterance {
        Utterance(room: room, user: user, kind: .typing, timeToLive: .seconds(seconds))
    }

    @Test func `a word holds until its time is over, or it is taken back`() {
        var leases = Leases()
        leases.take(typing("omid", 6), at: .seconds(10))
        leases.take(typing("emma", 3), at: .seconds(10))
        let both = leases.users(.typing, in: room, at: .seconds(12))
        #expect(both.users == ["emma", "omid"])
        #expect(both.firstEnd == .seconds(13))
        #expect(leases.users(.typing, in: room, at: .seconds(13)).users == ["omid"])
        #expect(leases.users(.presence, in: room, at: .seconds(12)).users.isEmpty)
        leases.take(typing("omid", 0), at: .seconds(14))
        #expect(leases.users(.typing, in: room, at: .seconds(14)).users.isEmpty)
    }

    @Test func `a flood of names is bounded, and goes by itself`() {
        var leases = Leases()
        for number in 0..<Leases.countMaximum + 10 {
            leases.take(typing("u\(number)", 6), at: .zero)
        }
        #expect(leases.users(.typing, in: room, at: .zero).users.count == Leases.countMaximum)
        leases.take(typing("omid", 6), at: .seconds(6))
        #expect(leases.users(.typing, in: room, at: .seconds(6)).users == ["omid"])
    }

    @Test func `typing is told as it begins and lapses by the given time`() async {
        let now = Mutex(Duration.zero)
        let timing = Timing(
            now: { now.withLock { $0 } },
            sleep: { duration in now.withLock { $0 += duration } },
            pollInterval: .zero)
        let presence = Presence(timing: timing)
        var typing = presence.users(.typing, in: room).makeAsyncIterator()
        #expect(await typing.next() == [])
        presence.take(self.typing("omid", 6))
        #expect(await typing.next() == ["omid"])
        #expect(await typing.next() == [])
        #expect(now.withLock { $0 } == .seconds(6))
        presence.finish()
        #expect(await typing.next() == nil)
    }
}
