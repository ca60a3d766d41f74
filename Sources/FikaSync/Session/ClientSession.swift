package import FikaCRDT
package import FikaLog

/// The client's end of a connection to a relay: keeps a holder in step with it.
///
/// Nothing that comes is believed before the relay has proven its key, and nothing blocks another
/// log: a refusal or a gap concerns the replica that it names.
package struct ClientSession: SyncSession, SessionParts, Sendable {
    enum State: Sendable {
        case awaitingWelcome
        case awaitingReady(Welcome, text: [UInt8], hasSummary: Bool)
        case open
        case ended
    }

    /// What was asked of the relay and is answered in order.
    enum Request: Sendable {
        case page(PageRequest)
        case ops(OpsRequest)

        var number: UInt64 {
            switch self {
            case .page(let page): page.request
            case .ops(let ops): ops.request
            }
        }
    }

    let handshake: CallerHandshake
    var state = State.awaitingWelcome
    var life = LifeSigns()
    var inbound: Inbound
    var uploads = Uploads()
    var progress = Progress()
    /// The relay, once it has proven its key.
    var relay: Welcome?
    /// When that was, by the monotonic clock.
    var metAt: UInt64 = 0
    /// Asked, in order, and not answered.
    var requests: [Request] = []
    var lastRequest: UInt64 = 0
    /// Logs of which the relay is to say what it has.
    var comparing: Set<LogID> = []
    /// Logs of which the relay said otherwise meanwhile: so many answers do not count.
    var overtaken: [LogID: Int] = [:]
    var isUpToDate = false
    var lastPhase: SessionPhase?
    private var lastUnknown: [LogID] = []

    /// - Parameters:
    ///   - identity: Who connects.
    ///   - nonce: 16 random bytes, never used before.
    ///   - credit: Bytes that the relay may send ahead.
    ///   - pinned: The relay's key, when it is known.
    package init(
        identity: SessionIdentity, nonce: [UInt8], credit: UInt64 = 1 << 20,
        pinned: PublicKey? = nil
    ) {
        handshake = CallerHandshake(
            identity: identity, nonce: nonce, credit: credit, pinned: pinned)
        inbound = Inbound(isFromRelay: true, credit: credit)
    }

    package mutating func connected(now: UInt64) -> [SessionAction] {
        life.connected(now: now)
        return phaseChange()
    }

    package mutating func received(
        _ frames: [DecodedFrame], holder: inout some SyncHolder
    ) throws -> [SessionAction] {
        try guarded { session, out in
            session.life.heard()
            for frame in frames {
                try session.take(frame, &out, holder: &holder)
                if session.isEnded { return }
                if session.inbound.isFull { try session.store(&out, holder: &holder) }
            }
            try session.store(&out, holder: &holder)
            try session.upload(&out, holder: &holder)
            out += session.phaseChange()
            session.tellUnknown(&out)
        }
    }

    /// Tells of the logs that the relay does not know, where that has changed.
    private mutating func tellUnknown(_ out: inout [SessionAction]) {
        let unknown = uploads.unknownLogs
        guard unknown != lastUnknown else { return }
        lastUnknown = unknown
        out.append(.unknown(unknown))
    }

    package mutating func broken(_ failure: Failure) -> [SessionAction] {
        guard !isEnded else { return [] }
        state = .ended
        return [.fail(failure)]
    }

    package mutating func localChanges(
        holder: inout some SyncHolder
    ) throws -> [SessionAction] {
        uploads.changed()
        return try guarded { try $0.upload(&$1, holder: &holder) }
    }

    /// Whether nothing that the relay is known to lack waits here.
    package var hasSentAll: Bool { uploads.hasSentAll }

    /// Requests that wait for their answers at most: a relay takes more.
    private static let requestsMaximum = 64

    /// Asks for the newest rows of a log whose stamps are before a time.
    ///
    /// - Parameters:
    ///   - log: Which log.
    ///   - before: The ops' stamps are below it.
    ///   - limit: 1 to 1024 rows.
    /// - Returns: The request; it is sent as soon as the session is open. Nothing when too many
    ///   wait, or when this very one does.
    package mutating func page(
        of log: LogID, before: HybridTime, limit: UInt64
    ) -> [SessionAction] {
        let isAsked = requests.contains {
            if case .page(let page) = $0 { page.log == log && page.before == before } else { false }
        }
        guard !isEnded, !isAsked, requests.count < Self.requestsMaximum else { return [] }
        lastRequest += 1
        let page = PageRequest(request: lastRequest, log: log, before: before, limit: limit)
        requests.append(.page(page))
        return isOpen ? [.send(.page(page))] : []
    }

    package mutating func ephemeral(_ ephemeral: Ephemeral) -> [SessionAction] {
        isOpen ? [.send(.ephemeral(ephemeral))] : []
    }

    package mutating func tick(
        now: UInt64, holder: inout some SyncHolder
    ) throws -> [SessionAction] {
        try guarded { session, out in
            try session.checkLife(now: now, &out)
            if session.isEnded { return }
            session.uploads.tick(now: now)
            try session.upload(&out, holder: &holder)
        }
    }

    package mutating func goodbye(retryAfter: UInt64) -> [SessionAction] {
        guard !isEnded else { return [] }
        state = .ended
        return [.send(.goodbye(retryAfter: retryAfter))]
    }

    // MARK: Parts

    var isEnded: Bool { if case .ended = state { true } else { false } }
    var isOpen: Bool { if case .open = state { true } else { false } }

    mutating func end() { state = .ended }

    mutating func phaseChange() -> [SessionAction] {
        let phase: SessionPhase =
            !isOpen ? .handshaking : isUpToDate ? .upToDate : progress.phase
        return tell(phase)
    }
}
