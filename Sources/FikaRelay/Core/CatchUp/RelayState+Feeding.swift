import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Sends to each connection that may be sent more what it asked for or is behind with.
    mutating func feed<Log: RelayLog>(_ log: Log) throws {
        for id in hungry.sorted() {
            hungry.remove(id)
            while try feedOnce(id, log) {}
        }
    }

    /// Takes one step; false when there is nothing to send, or no credit for it.
    private mutating func feedOnce<Log: RelayLog>(_ id: ConnectionID, _ log: Log) throws -> Bool {
        guard let connection = connections[id], let reader = connection.reader else { return false }
        if let request = connection.requests.first {
            guard connection.credit > 0 else { return false }
            try answer(request, of: reader, on: id, log)
            return true
        }
        guard connection.isOpen else { return false }
        if let next = connection.catchUp.next, let lane = connection.catchUp.lane(next) {
            guard connection.credit > 0 else { return false }
            try step(lane, in: next, of: reader, on: id, log)
            if connections[id]?.lacksNothing == true { saySynced(to: id) }
            return true
        }
        if connection.syncedAt == nil, connection.lacksNothing { saySynced(to: id) }
        return false
    }

    private mutating func step<Log: RelayLog>(
        _ lane: Lane, in id: LogID, of reader: Reader, on connection: ConnectionID, _ log: Log
    ) throws {
        guard let place = try logs.state(of: id, from: log), place.admits(reader) else {
            connections[connection]?.catchUp.remove(id)
            return
        }
        var lane = lane
        switch lane.stage {
        case .early(let after):
            try sendEarly(after: after, &lane, place, to: connection, log)
        case .page:
            let dots = try log.newest(in: id, before: HybridTime(raw: .max >> 1), limit: 50)
            try sendOps(dots, &lane, place, to: connection, log)
            lane.stage = .positions
        case .positions:
            try sendPositions(&lane, place, to: connection, log)
        }
        if lane.stage == .positions, lane.done >= lane.end(at: place.order.position) {
            connections[connection]?.catchUp.remove(id)
            try finish(lane, in: id, on: connection, log)
        } else {
            connections[connection]?.catchUp.turnIsOver(id, lane)
        }
    }

    private static let opsWithoutHead: UInt64 = 16

    /// Whoever was sent more than a little gets a head over it.
    private mutating func finish<Log: RelayLog>(
        _ lane: Lane, in id: LogID, on connection: ConnectionID, _ log: Log
    ) throws {
        guard lane.done - lane.from > Self.opsWithoutHead,
            var place = try logs.take(id, from: log)
        else { return }
        if place.order.reserved == nil { send(.head(signHead(&place)), to: connection) }
        logs.put(place)
    }

    private mutating func sendEarly<Log: RelayLog>(
        after: UInt64, _ lane: inout Lane, _ place: LogState, to id: ConnectionID, _ log: Log
    ) throws {
        let early = try log.early(in: place.log, after: after, limit: 512)
        guard let last = early.last else {
            lane.stage = .page
            return
        }
        try sendOps(early.map(\.dot), &lane, place, to: id, log)
        lane.stage = .early(after: last.position)
    }

    /// Sends some ops ahead of their turn, with the cards of their replicas (rule D3).
    private mutating func sendOps<Log: RelayLog>(
        _ dots: [Dot], _ lane: inout Lane, _ place: LogState, to id: ConnectionID, _ log: Log
    ) throws {
        let ranges = SeqRanges(of: dots).ranges.flatMap { range in
            lane.lacking(range.replica, range.seqs).map { (replica: range.replica, seqs: $0) }
        }
        try send(ranges, of: place, withCards: true, to: id, log)
        for range in ranges { lane.learn(range.replica, range.seqs) }
    }

    /// Sends held ops, and where they stand.
    mutating func send<Log: RelayLog>(
        _ ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)], of place: LogState,
        withCards: Bool, to id: ConnectionID, _ log: Log
    ) throws {
        connections[id]?.catchUp.told(place.log)
        var exporter = try RangeExporter(
            log: place.log, of: log, ranges: ranges, withCards: withCards)
        while let sealed = try exporter.next() {
            let placements = try place.placements(of: sealed.ranges, in: log)
            let batch = Batch(log: place.log, placements: placements, segment: sealed.bytes)
            sendOps(.batch(batch), to: id)
        }
    }
}
