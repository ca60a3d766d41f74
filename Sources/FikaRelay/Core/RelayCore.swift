import FikaCRDT
package import FikaLog
package import FikaNet
package import FikaSync

/// A relay without its sockets: events in, actions out (`Specs/sync-protocol.md`).
///
/// Whatever acknowledges or forwards an op is returned only when the op is on disk. After anything
/// is thrown the core has let go of all connections and of what it had read: its driver closes them
/// all, and may go on. Times are what the clock shows, milliseconds since 1970-01-01 UTC; they may
/// fall.
package struct RelayCore<Log: RelayLog> {
    private var log: Log
    private var state: RelayState

    /// Begins an epoch where the log has none.
    package init(
        key: DeviceKey, log: Log, settings: RelaySettings, now: UInt64,
        entropy: some RandomNumberGenerator & Sendable
    ) throws {
        var entropy = entropy
        var log = log
        let epoch: Epoch
        if let known = try log.epoch() {
            epoch = known
        } else {
            epoch = Epoch(raw: entropy.next())
            try log.transaction { try $0.begin(epoch) }
        }
        self.log = log
        state = RelayState(
            key: key, settings: settings, epoch: epoch, now: now, generator: entropy)
    }

    package var epoch: Epoch { state.epoch }

    /// How many connections there are.
    package var connectionCount: Int { state.connections.count }

    /// The log, for whoever inspects it.
    package var storage: Log { log }

    package mutating func opened(
        _ id: ConnectionID, isLoopback: Bool, now: UInt64
    ) -> [RelayAction] {
        state.read(clock: now)
        state.open(id, isLoopback: isLoopback)
        return state.takeActions()
    }

    /// Takes all that came in one turn; its writes are one transaction.
    ///
    /// Where a connection sent something bad, its part is dropped and the others go on.
    package mutating func received(
        _ input: [(ConnectionID, [DecodedFrame])], now: UInt64
    ) throws -> [RelayAction] {
        state.read(clock: now)
        let writes = input.contains { $0.1.contains { $0.frame.mayWrite } }
        return try guarded { log, state in
            if writes {
                try log.transaction { try state.process(input, &$0) }
            } else {
                try state.process(input, &log)
            }
            try state.feed(log)
        }
    }

    /// Bytes came that are no frame.
    package mutating func broken(
        _ id: ConnectionID, _ failure: Failure, now: UInt64
    ) -> [RelayAction] {
        state.read(clock: now)
        if state.connections[id] != nil { state.fail(id, failure) }
        return state.takeActions()
    }

    /// The other end is gone.
    package mutating func closed(_ id: ConnectionID) {
        state.forget(id)
    }

    /// To be told every second or so.
    package mutating func tick(now: UInt64) throws -> [RelayAction] {
        state.read(clock: now)
        return try guarded { log, state in
            try state.signHeads(log)
            try state.giveUpFillings(&log)
            try state.giveUpSecondOrders(&log)
            state.checkLife()
            state.forgetRates()
            try state.feed(log)
            state.renewSynced()
        }
    }

    /// Ends all connections in a planned way.
    package mutating func drain(retryAfter: UInt64) throws -> [RelayAction] {
        try guarded { log, state in
            try state.signHeads(log)
            for id in state.connections.keys.sorted() {
                state.end(id, saying: .goodbye(retryAfter: retryAfter))
            }
        }
    }

    private mutating func guarded(
        _ body: (inout Log, inout RelayState) throws -> Void
    ) throws -> [RelayAction] {
        do {
            try body(&log, &state)
        } catch {
            state.letGo()
            throw error
        }
        return state.takeActions()
    }
}

extension RelayCore: Sendable where Log: Sendable {}

extension Frame {
    /// Whether it may change what is stored.
    fileprivate var mayWrite: Bool {
        switch self {
        case .brief, .batch, .placed, .haves: true
        case .welcome, .hello, .ready, .failure, .cursors, .status, .names, .head, .refusal,
            .credit, .page, .want, .positions, .done, .synced, .ephemeral, .ping, .pong, .goodbye:
            false
        }
    }
}
