import FikaCRDT
import FikaLog
import FikaNet
import FikaStore
import FikaSync
import Foundation

/// Carries a link over TCP: to a relay, or to another device.
final class SyncCarrier<Session: SyncSession & Sendable>: LinkCarrier {
    private let driver: LinkDriver<Session, StoreHolder>
    private let isAllSent: @Sendable (Session) -> Bool
    private let failed: LatestValue<FikaError?>
    private let unknown: LatestValue<[RoomID]>
    /// Takes the driver's states over into the words of this API; it ends with the driver's.
    private let forwarding: Task<Void, Never>

    init(
        _ workspace: Workspace, to address: RelayAddress, latest: LatestValue<Link.State>,
        isAllSent: @escaping @Sendable (Session) -> Bool = { _ in true },
        makeSession: @escaping @Sendable (_ nonce: [UInt8]) -> Session
    ) {
        let presence = workspace.presence
        let failed = LatestValue<FikaError?>(nil)
        self.failed = failed
        let unknown = LatestValue<[RoomID]>([])
        self.unknown = unknown
        let changes = workspace.changes
        self.isAllSent = isAllSent
        driver = LinkDriver(
            to: LinkAddress(host: address.host, port: address.port),
            holder: StoreHolder(workspace.store), makeSession: makeSession
        ) { report in
            switch report {
            case .ephemeral(let ephemeral):
                if let utterance = Utterance(ephemeral) { presence.take(utterance) }
            case .failed(let error): failed.update { $0 = FikaError(error) }
            case .unknown(let logs):
                unknown.update { $0 = logs.map { RoomID($0) } }
                changes.noteOutside()
            case .stored, .pageArrived: break
            }
        }
        let (states, now) = (driver.state.values, workspace.store.environment.now)
        forwarding = Task {
            for await state in states {
                guard let state = Link.State(state, now: now()) else { break }
                latest.update { $0 = state }
                changes.noteOutside()
            }
        }
        driver.start()
    }

    var failure: FikaError? { failed.value }
    var unknownRooms: [RoomID] { unknown.value }

    func wake() { driver.wake() }

    func noteLocalChanges() { driver.notifyLocalChanges() }

    func say(_ utterance: Utterance) {
        if let ephemeral = Ephemeral(utterance) { driver.say(ephemeral) }
    }

    func fill(_ log: LogID, before time: HybridTime, rows: Int) {
        let rows = min(UInt64(clamping: rows), UInt64(Limits.pageOpsMaximum))
        driver.perform { $0.page(of: log, before: time, limit: max(rows, 1)) }
    }

    func close() async {
        await driver.close()
        await forwarding.value
    }

    func hasSentAll() async -> Bool {
        await driver.ask(isAllSent) ?? false
    }
}

extension Link.State {
    /// Nil at the end of a link; `now` is in milliseconds since 1970-01-01 UTC.
    init?(_ state: LinkState, now: UInt64) {
        switch state {
        case .offline(let wait, _):
            self = .offline(nextAttempt: Date(milliseconds: now + min(wait, 1 << 40)))
        case .connecting: self = .connecting
        case .syncing(let held, let total):
            self = .syncing(done: Int(clamping: held), total: Int(clamping: total))
        case .upToDate: self = .upToDate
        case .refused(let failure): self = .refused(FikaError(failure))
        case .closed: return nil
        }
    }
}

extension FikaError {
    /// Says what the other end gave as its reason.
    fileprivate init(_ failure: Failure) {
        let words =
            switch Failure.Code(rawValue: failure.code) {
            case .unsupportedVersion: "the two versions do not understand each other"
            case .notAuthentic: "the other end is not who it says"
            case .notAdmitted: "the other end does not admit this device"
            case .malformed, .unexpected, .tooLarge, .badOps, .newEpoch, .tooSlow, .failed, nil:
                "the other end gave up"
            }
        self.init(.refused, failure.reason.isEmpty ? words : "\(words): \(failure.reason)")
    }
}

extension Utterance {
    /// Nil for what this version does not show.
    init?(_ ephemeral: Ephemeral) {
        switch ephemeral.kind {
        case .typing: kind = .typing
        case .presence: kind = .presence
        case .preview, .ringing: return nil
        }
        room = RoomID(ephemeral.log)
        user = ephemeral.user.text
        timeToLive = .milliseconds(Int64(clamping: ephemeral.timeToLive))
    }
}

extension Ephemeral {
    fileprivate init?(_ utterance: Utterance) {
        guard let user = UserID(utterance.user) else { return nil }
        let kind: Kind =
            switch utterance.kind {
            case .typing: .typing
            case .presence: .presence
            }
        let (seconds, attoseconds) = utterance.timeToLive.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        self.init(
            log: utterance.room.log, user: user, kind: kind,
            timeToLive: UInt64(clamping: milliseconds))
    }
}
