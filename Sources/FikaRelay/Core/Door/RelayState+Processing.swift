import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Takes one turn's input, connection by connection.
    mutating func process<Log: RelayLog>(
        _ input: [(ConnectionID, [DecodedFrame])], _ log: inout Log
    ) throws {
        for (id, frames) in input where connections[id] != nil {
            connections[id]?.heardAt = now
            connections[id]?.askedAt = nil
            do {
                try take(frames[...], from: id, &log)
                giveCreditBack(to: id)
            } catch let violation as Violation {
                fail(id, violation.failure)
            }
        }
    }

    private mutating func take<Log: RelayLog>(
        _ frames: ArraySlice<DecodedFrame>, from id: ConnectionID, _ log: inout Log
    ) throws {
        var frames = frames
        if case .handshaking(let welcome) = connections[id]?.phase {
            guard let first = frames.popFirst() else { return }
            try greet(id, first, welcome: welcome, log)
            guard connections[id] != nil else { return }
        }
        for step in try check(frames, from: id, log) {
            // Whoever said goodbye is gone.
            guard let reader = connections[id]?.reader else { return }
            switch step {
            case .ops(let upload): try admit(upload, from: id, of: reader, &log)
            case .refusal(let refusal): refuse(refusal, on: id)
            case .fork(let place, let replica):
                try closeFork(of: replica, in: place, from: id, of: reader, &log)
            case .frame(let frame): try carryOut(frame, from: id, of: reader, &log)
            }
        }
    }

    private mutating func carryOut<Log: RelayLog>(
        _ frame: Frame, from id: ConnectionID, of reader: Reader, _ log: inout Log
    ) throws {
        switch frame {
        case .cursors(let cursors):
            guard case .awaitingCursors = connections[id]?.phase else {
                throw Violation(.unexpected, "cursors were not asked for")
            }
            try compareCursors(cursors, of: reader, on: id, log)
        case .credit(let bytes): addCredit(bytes, to: id)
        case .page(let request): try enqueue(.page(request), on: id)
        case .want(let request): try enqueue(.want(request), on: id)
        case .positions(let request):
            try enqueue(.positions(request, next: request.positions.lowerBound), on: id)
        case .haves(let theirs): try compare(theirs, of: reader, on: id, &log)
        case .ephemeral(let ephemeral): try pass(on: ephemeral, from: id, of: reader, log)
        case .ping(let token): send(.pong(token), to: id)
        case .placed(let placed): try fill(placed, from: id, of: reader, &log)
        case .pong: break
        case .failure, .goodbye: end(id, saying: nil)
        case .welcome, .hello, .ready, .status, .names, .brief, .batch, .head, .refusal, .done,
            .synced:
            preconditionFailure("frames were checked before")
        }
    }

    mutating func refuse(_ refusal: Refusal, on id: ConnectionID) {
        send(.refusal(refusal), to: id)
        note(.refused(refusal))
    }

    private mutating func enqueue(_ request: Request, on id: ConnectionID) throws {
        guard let count = connections[id]?.requests.count, count < settings.waitingRequests else {
            throw Violation(.unexpected, "too many requests wait")
        }
        connections[id]?.requests.append(request)
        hungry.insert(id)
    }

    private mutating func addCredit(_ bytes: UInt64, to id: ConnectionID) {
        guard let credit = connections[id]?.credit else { return }
        let most = Int64(clamping: settings.downlinkCredit)
        connections[id]?.credit = min(credit + Int64(clamping: min(bytes, 1 << 40)), most)
        hungry.insert(id)
    }

    private mutating func giveCreditBack(to id: ConnectionID) {
        guard let owed = connections[id]?.owed, owed > 0, owed >= settings.uplinkCredit / 4 else {
            return
        }
        connections[id]?.owed = 0
        connections[id]?.uplink += Int64(owed)
        send(.credit(owed), to: id)
    }
}
