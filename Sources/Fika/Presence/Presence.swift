import FikaNet

/// Who is typing or present, as far as links tell; each word of it lapses by itself.
package final class Presence: Sendable {
    private let leases = LatestValue(Leases())
    private let timing: Timing

    package init(timing: Timing) {
        self.timing = timing
    }

    package func take(_ utterance: Utterance) {
        leases.update { [timing] in $0.take(utterance, at: timing.now()) }
    }

    package func finish() {
        leases.finish()
    }

    /// The users who do something in a room, as they begin and end.
    package func users(_ kind: Utterance.Kind, in room: RoomID) -> Observed<[String]> {
        Observed<[String]> { [leases, timing] in
            var seen: UInt64 = 0
            var end: Duration?
            return {
                if seen > 0, !(await Self.wait(for: leases, after: seen, until: end, timing)) {
                    return nil
                }
                guard let version = leases.newer(than: 0), !Task.isCancelled else { return nil }
                seen = version.number
                let found = version.value.users(kind, in: room, at: timing.now())
                end = found.firstEnd
                return found.users
            }
        }.withoutRepetitions
    }

    /// Waits until something is said or a lease ends; false when nothing will come any more.
    private static func wait(
        for leases: LatestValue<Leases>, after seen: UInt64, until end: Duration?, _ timing: Timing
    ) async -> Bool {
        guard let end else { return await leases.next(after: seen) != nil }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { await leases.next(after: seen) != nil }
            group.addTask {
                (try? await timing.sleep(max(.zero, end - timing.now()))) != nil
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
