import FikaLog
import FikaNet

import FikaSync

// Connections: bytes on their way, and how they end.
extension World {
    /// Sends a frame's bytes from an end, in pieces of any size.
    func send(_ bytes: [UInt8], on id: ConnectionID, from end: WorldLink.End) {
        guard links[id]?[end].isOpen == true else { return }
        watch(bytes, on: id, from: end)
        guard let link = links[id] else { return }
        let bytes = tampered(bytes, on: id, from: end)
        var rest = bytes[...]
        while !rest.isEmpty {
            let isWhole = rest.count < 2 || !random.oneIn(3)
            let size = isWhole ? rest.count : random.number(in: 1...rest.count)
            let piece = rest.prefix(min(size, max(plan.pieceMaximum, bytes.count / 8)))
            rest = rest.dropFirst(piece.count)
            var due = max(now, link[end].isUnheardUntil) + random.number(in: link.delay)
            if now < link[end].isCloggedUntil, let last = links[id]?[end.other].incoming.lastDue {
                due = max(due, last + random.number(in: 10...100))
            }
            if let due = links[id]?[end.other].incoming.send(piece, due: due) {
                queue.add(.arrive(id, end.other), at: due)
            }
        }
    }

    /// Bytes came: whole frames go to whoever sits at this end.
    func arrive(_ id: ConnectionID, at end: WorldLink.End) {
        guard var side = links[id]?[end] else { return }
        let bytes = side.incoming.arrive(now: now)
        guard side.isOpen, !bytes.isEmpty else {
            links[id]?[end] = side
            return
        }
        let (frames, failure) = side.decode(bytes)
        links[id]?[end] = side
        guard !frames.isEmpty || failure != nil else { return }
        note("\(id.raw) \(end) gets \(frames.count) frames, \(bytes.count) bytes")
        switch end {
        case .client: receiveAtClient(id, frames, failure)
        case .relay: receiveAtRelay(id, frames, failure)
        }
    }

    /// An end closes: the other learns of it behind the last byte.
    func close(_ id: ConnectionID, at end: WorldLink.End) {
        guard let link = links[id], link[end].isOpen else { return }
        note("\(id.raw) closed by the \(end)")
        links[id]?[end].isOpen = false
        let due = max(now, link[end].isUnheardUntil) + random.number(in: link.delay)
        if let due = links[id]?[end.other].incoming.end(due: due) {
            queue.add(.gone(id, end.other), at: due)
        }
    }

    /// Breaks a connection: of the bytes in flight only some first ones still arrive.
    ///
    /// - Parameters:
    ///   - id: Which connection.
    ///   - first: Who notices now; nil: nobody does before the silence is too long.
    ///   - delay: How much later the last bytes arrive at the other end.
    func cut(_ id: ConnectionID, noticedBy first: WorldLink.End?, delay: UInt64) {
        guard let link = links[id], !link.isCut else { return }
        note("\(id.raw) cut, noticed by \(first?.rawValue ?? "nobody"), delay \(delay)")
        links[id]?.isCut = true
        for end in [WorldLink.End.client, .relay] {
            let count = link[end].incoming.byteCount
            let kept = random.oneIn(3) ? count : random.number(in: 0...count)
            let late = end == first ? 0 : delay
            let times = links[id]?[end].incoming.cut(keeping: kept, delayedBy: late) ?? []
            for time in times { queue.add(.arrive(id, end), at: time) }
            guard let first else { continue }
            let last = max(times.last ?? now, now)
            let notices = end == first ? now : last + random.number(in: 0...4000)
            queue.add(.gone(id, end), at: notices)
        }
    }

    /// An end finds that its connection is gone.
    func lose(_ id: ConnectionID, at end: WorldLink.End) {
        guard links[id]?[end].isOpen == true else { return }
        note("\(id.raw) gone at the \(end)")
        links[id]?[end].isOpen = false
        switch end {
        case .client: lostAtClient(id)
        case .relay: lostAtRelay(id)
        }
        // A socket that one end lets go of tells the other, where anything can still tell it.
        if let due = links[id]?[end.other].incoming.end(due: now) {
            queue.add(.gone(id, end.other), at: due)
        }
    }

    /// A relay that knows nothing of a log goes on from the head that it is shown (rule C2).
    private func watch(_ haves: Haves, on id: ConnectionID, from end: WorldLink.End) {
        let log = haves.log
        if end == .client, haves.head?.isSigned(by: relay.key.publicKey) == true {
            links[id]?.broughtHeads.insert(log)
        }
        guard end == .relay, haves.head == nil, links[id]?.broughtHeads.contains(log) == true,
            (try? relay.log.order(of: log)) == nil
        else { return }
        ledger.find("\(id.raw): the relay does not go on with \(log) from its own head")
    }

    /// Follows credit and promises on the wire, at the moment of sending.
    private func watch(_ bytes: [UInt8], on id: ConnectionID, from end: WorldLink.End) {
        guard let frame = WireWatch.frame(bytes), let link = links[id] else {
            return ledger.find("\(id.raw): the \(end) sends bytes that are no frame")
        }
        note("\(id.raw) \(end) sends \(frame.type), \(bytes.count) bytes")
        if WireWatch.moves(frame) { movedAt = now }
        if WireWatch.costsCredit(frame) {
            if link[end].credit <= 0, end == .relay || !clients[link.client].isMalicious {
                ledger.find("\(id.raw): the \(end) sends \(frame.type) without credit")
            }
            links[id]?[end].credit -= Int64(bytes.count)
        }
        if end == .relay {
            for (log, placement) in WireWatch.placements(of: frame) {
                ledger.told(placement, of: log)
            }
        }
        if case .head(let head) = frame { ledger.told(head) }
        if case .haves(let haves) = frame { watch(haves, on: id, from: end) }
        if case .failure(let failure) = frame, link.tampering != .done,
            !clients[link.client].isMalicious, !WireWatch.isFair(failure)
        {
            ledger.find(
                "\(id.raw): the \(end) says failure \(failure.code), \(failure.reason)")
        }
    }
}
