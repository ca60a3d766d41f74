import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync

/// One end of a connection as its driver runs it, towards somebody who means it ill.
struct FuzzedEnd {
    enum Machine {
        case relay(RelayCore<MemoryRelayLog>, ConnectionID)
        case client(ClientSession, MemoryHolder)
        case peer(PeerSession, MemoryHolder)
    }

    private(set) var machine: Machine
    /// What it said, as it arrives.
    private(set) var said: [DecodedFrame] = []
    private(set) var isOver = false
    private var now: UInt64
    private var inbound = FrameDecoder(limit: .full)
    private var outbound = FrameDecoder(limit: .full)

    init(_ machine: Machine, now: UInt64) {
        self.machine = machine
        self.now = now
    }

    /// The connection is there.
    mutating func open() throws {
        switch machine {
        case .relay(var core, let id):
            let actions = core.opened(id, isLoopback: true, now: now)
            try follow(actions, of: core, id)
        case .client(var session, let holder):
            let actions = session.connected(now: now)
            try follow(actions, .client(session, holder))
        case .peer(var session, let holder):
            let actions = session.connected(now: now)
            try follow(actions, .peer(session, holder))
        }
    }

    /// Bytes come in one group.
    mutating func take(_ bytes: [UInt8]) throws {
        guard !isOver else { return }
        inbound.append(bytes)
        var frames: [DecodedFrame] = []
        var failure: Failure?
        do {
            while let frame = try inbound.next() { frames.append(frame) }
        } catch {
            failure = Failure(error.code, "\(error)")
        }
        guard !isTooMuchToPlace(frames) else {
            isOver = true
            return
        }
        switch machine {
        case .relay(var core, let id):
            var actions = try core.received([(id, frames)], now: now)
            if let failure { actions += core.broken(id, failure, now: now) }
            try follow(actions, of: core, id)
        case .client(var session, var holder):
            var actions = try session.received(frames, holder: &holder)
            if let failure { actions += session.broken(failure) }
            try follow(actions, .client(session, holder))
        case .peer(var session, var holder):
            var actions = try session.received(frames, holder: &holder)
            if let failure { actions += session.broken(failure) }
            try follow(actions, .peer(session, holder))
        }
    }

    /// Whether more positions are told than the holder in memory can keep: it keeps each by itself,
    /// where a store keeps ranges.
    private func isTooMuchToPlace(_ frames: [DecodedFrame]) -> Bool {
        if case .relay = machine { return false }
        let most: UInt64 = 1 << 16
        var count: UInt64 = 0
        for frame in frames {
            switch frame.frame {
            case .placed(let placed):
                count += placed.placements.reduce(0) { $0 + min($1.count, most) }
            case .batch(let batch):
                count += batch.placements.reduce(0) { $0 + min($1.count, most) }
            case .welcome, .hello, .ready, .failure, .cursors, .status, .brief, .names, .head,
                .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
                .ping, .pong, .goodbye:
                break
            }
        }
        return count >= most
    }

    /// So many milliseconds pass.
    mutating func wait(_ milliseconds: UInt64) throws {
        guard !isOver else { return }
        now += milliseconds
        switch machine {
        case .relay(var core, let id):
            let actions = try core.tick(now: now)
            try follow(actions, of: core, id)
        case .client(var session, var holder):
            let actions = try session.tick(now: now, holder: &holder)
            try follow(actions, .client(session, holder))
        case .peer(var session, var holder):
            let actions = try session.tick(now: now, holder: &holder)
            try follow(actions, .peer(session, holder))
        }
    }

    private mutating func follow(
        _ actions: [RelayAction], of core: RelayCore<MemoryRelayLog>, _ id: ConnectionID
    ) throws {
        machine = .relay(core, id)
        for action in actions {
            switch action {
            case .send(let bytes, to: id): try say(bytes)
            case .broadcast(let bytes, let ids) where ids.contains(id): try say(bytes)
            case .close(id): isOver = true
            case .send, .broadcast, .close, .note: break
            }
        }
    }

    private mutating func follow(_ actions: [SessionAction], _ machine: Machine) throws {
        self.machine = machine
        for action in actions {
            switch action {
            case .send(let frame): try say(frame.encode())
            case .fail(let failure):
                try say(Frame.failure(failure).encode())
                isOver = true
            case .closed: isOver = true
            case .phase, .stored, .unknown, .ephemeral, .pageArrived: break
            }
        }
    }

    /// Whatever is said is a frame that the other end can take.
    private mutating func say(_ bytes: [UInt8]) throws {
        outbound.append(bytes)
        while let frame = try outbound.next() { said.append(frame) }
        try FuzzFinding.require(outbound.bufferedCount == 0, "half a frame was sent")
    }
}
