import FikaCRDT
package import FikaLog

/// One end of a connection between two devices, without a relay (`Specs/sync-protocol.md`, P1-P3).
package struct PeerSession: SyncSession, SessionParts, Sendable {
    enum State: Sendable {
        /// The caller, before anything came.
        case awaitingWelcome
        /// The listener, before the connection or before the answer.
        case awaitingHello(Welcome)
        case awaitingReady(Welcome, text: [UInt8])
        case open
        case ended
    }

    let handshake: CallerHandshake
    var state: State
    var life = LifeSigns()
    var inbound: Inbound
    var intake = PeerIntake()
    var outgoing = Outgoing()
    /// Whose device the other end is.
    var user: UserID?
    /// What the other end has, as far as it said or was sent it.
    var theirs: [LogID: Haves] = [:]
    var queued: [ReplicaInLog: IntervalSet] = [:]
    var theyNamedAll = false
    var theySentAll = false
    var lastRequest: UInt64 = 1
    var wanted: [OpsRequest] = []
    var mayHaveMore = false
    var lastPhase: SessionPhase?

    /// The end that connects.
    package static func calling(
        as identity: SessionIdentity, nonce: [UInt8], credit: UInt64 = 1 << 20,
        pinned: PublicKey? = nil
    ) -> PeerSession {
        PeerSession(
            handshake: CallerHandshake(
                identity: identity, nonce: nonce, credit: credit, pinned: pinned),
            state: .awaitingWelcome)
    }

    /// The end that listens; `time` is its clock's, in milliseconds.
    package static func listening(
        as identity: SessionIdentity, nonce: [UInt8], credit: UInt64 = 1 << 20, time: UInt64
    ) -> PeerSession {
        let welcome = Welcome(
            role: .device, key: identity.key.publicKey, epoch: Epoch(raw: 0), time: time,
            base: time, nonce: nonce, credit: credit, user: identity.user)
        return PeerSession(
            handshake: CallerHandshake(
                identity: identity, nonce: nonce, credit: credit, pinned: nil),
            state: .awaitingHello(welcome))
    }

    private init(handshake: CallerHandshake, state: State) {
        self.handshake = handshake
        self.state = state
        inbound = Inbound(isFromRelay: false, credit: handshake.credit)
    }

    package mutating func connected(now: UInt64) -> [SessionAction] {
        life.connected(now: now)
        var out: [SessionAction] = []
        if case .awaitingHello(let welcome) = state { out.append(.send(.welcome(welcome))) }
        return out + phaseChange()
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
            try session.sendMore(&out, holder: &holder)
            out += session.phaseChange()
        }
    }

    package mutating func broken(_ failure: Failure) -> [SessionAction] {
        guard !isEnded else { return [] }
        state = .ended
        return [.fail(failure)]
    }

    package mutating func localChanges(
        holder: inout some SyncHolder
    ) throws -> [SessionAction] {
        mayHaveMore = true
        return try guarded { try $0.sendMore(&$1, holder: &holder) }
    }

    /// Whether nothing waits to be sent that the other end is known to lack.
    package var hasSentAll: Bool { outgoing.isEmpty && !mayHaveMore }

    package mutating func ephemeral(_ ephemeral: Ephemeral) -> [SessionAction] {
        isOpen ? [.send(.ephemeral(ephemeral))] : []
    }

    package mutating func tick(
        now: UInt64, holder: inout some SyncHolder
    ) throws -> [SessionAction] {
        try guarded { session, out in
            try session.checkLife(now: now, &out)
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

    private mutating func phaseChange() -> [SessionAction] {
        let phase: SessionPhase =
            !isOpen ? .handshaking : theySentAll ? .upToDate : .syncing(held: 0, total: 0)
        return tell(phase)
    }
}
