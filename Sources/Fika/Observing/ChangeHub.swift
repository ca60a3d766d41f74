import FikaCRDT
import FikaNet
import FikaStore

/// Knows when which log of a store changed last, in steps of its own count.
struct Changes: Sendable {
    private var count: UInt64 = 0
    private var anything: UInt64 = 0
    private var byLog: [LogID: UInt64] = [:]

    mutating func note(_ change: StoreChange) {
        count += 1
        switch change {
        case .anything: anything = count
        case .logs(let logs): for log in logs { byLog[log] = count }
        }
    }

    /// When one of these logs changed last; without logs: when anything did.
    func last(_ logs: [LogID]?) -> UInt64 {
        guard let logs else { return count }
        return logs.reduce(anything) { max($0, byLog[$1] ?? 0) }
    }
}

/// Tells who looks at a store that it has changed.
///
/// The process that holds the store hears of each transaction. Another one asks SQLite now and
/// then, as long as somebody waits.
final class ChangeHub: Sendable {
    private let changes = LatestValue(Changes())
    private let watch: StoreWatch?
    private let timing: Timing

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - timing: How often another process's store is asked for.
    init(_ store: Store, timing: Timing) {
        self.timing = timing
        watch = store.isWriting ? nil : try? StoreWatch(folder: store.folder)
        store.onChange { [changes] change in changes.update { $0.note(change) } }
    }

    /// Something that is not in the store has changed: who observes everything looks again.
    func noteOutside() {
        changes.update { $0.note(.logs([])) }
    }

    /// Ends all that is observed.
    func finish() {
        changes.finish()
    }

    /// An element at once and after each change of these logs; without logs, of any.
    func observe(_ logs: [LogID]? = nil) -> Observed<Void> {
        Observed {
            var seen: UInt64?
            var number: UInt64 = 0
            return {
                while let version = await self.next(after: number) {
                    number = version.number
                    let last = version.value.last(logs)
                    guard last != seen else { continue }
                    seen = last
                    return ()
                }
                return nil
            }
        }
    }

    private func next(after number: UInt64) async -> LatestValue<Changes>.Version? {
        guard let watch, number > 0 else { return await changes.next(after: number) }
        // Who has just read looks once more, for what came while it read.
        while changes.isOpen {
            if (try? watch.hasChanged()) == true { changes.update { $0.note(.anything) } }
            if let version = changes.newer(than: number) { return version }
            guard (try? await timing.sleep(timing.pollInterval)) != nil else { return nil }
        }
        return nil
    }
}
