import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// What a relay would say, for scripts: it keeps one order for each log and judges nothing.
struct ScriptRelay {
    static let base: UInt64 = 1_767_000_000_000

    let key = TestStore.key(900)
    var epoch = Epoch(raw: 7)
    var nonce: UInt8 = 1
    var credit: UInt64 = 1 << 20
    private(set) var orders: [LogID: HolderOrder] = [:]
    private(set) var last: [LogID: UInt64] = [:]
    private var log = MemoryLog()

    var welcome: Welcome {
        Welcome(
            role: .relay, key: key.publicKey, epoch: epoch, time: Self.base + 1_000_000_000,
            base: Self.base, nonce: [UInt8](repeating: nonce, count: 16), credit: credit)
    }

    func ready(_ outcome: Ready.Outcome, to hello: Hello) -> Frame {
        .ready(
            ListenerHandshake.ready(
                outcome, key: key, welcomeBody: Frame.welcome(welcome).body,
                helloBody: Frame.hello(hello).body))
    }

    /// Gives the next positions to all that a holder has pending, and hands it out in one batch
    /// for each log.
    mutating func accept(from holder: inout MemoryHolder) throws -> [Batch] {
        var batches: [Batch] = []
        let pending = try holder.pending()
        for id in Set(pending.map(\.log)).sorted() {
            let ranges = pending.filter { $0.log == id }.map(\.range)
            let segments = try holder.segments(of: id, ranges: ranges, withCards: true)
            let placements = ranges.map { place($0, in: id) }
            let segment = try #require(segments.count == 1 ? segments.first : nil)
            let batch = Batch(log: id, placements: placements, segment: segment.bytes)
            try holder.store([.placed(id, placements)])
            try take(segment, placements)
            batches.append(batch)
        }
        return batches
    }

    private mutating func take(_ segment: SealedSegment, _ placements: [Placement]) throws {
        let id = segment.segment.log
        let known = log
        _ = try log.append(
            try SegmentVerifier.verify(segment, known: { known.card(of: $0, in: id) }))
        var order = orders[id] ?? HolderOrder(log: id)
        for placement in placements { order.place(placement) }
        let held = log
        order.advance { dot in
            held.ops(of: dot.replica, in: id, seqs: dot.seq...dot.seq).first.map {
                ($0.hash, (2...6).contains($0.kind.number))
            }
        }
        orders[id] = order
    }

    /// The next positions for a range.
    mutating func place(_ range: ReplicaRange, in id: LogID) -> Placement {
        let position = last[id, default: 0] + 1
        let count = UInt64(range.seqs.count)
        last[id] = position + count - 1
        return Placement(
            replica: range.replica, seq: range.seqs.lowerBound, count: count, position: position,
            acceptedAt: Self.base + 5000 + position)
    }

    /// Closes a replica, as the relay's own replica in a log.
    mutating func say(_ close: Close, in id: LogID) throws -> Batch {
        var generator = SplitMix64(seed: 77)
        let introduction = Introduction(
            role: .relay, publicKey: key.publicKey, incarnation: Incarnation(using: &generator),
            user: nil, deviceName: "relay", preimage: nil)
        let replica = introduction.replica
        let contents = [(Kind.introduction, introduction.body), (ChatKind.close.kind, close.body)]
        let ops = contents.enumerated().map { index, content in
            Op(
                kind: content.0,
                id: OpID(log: id, replica: replica, seq: UInt64(index) + 1),
                time: HybridTime(milliseconds: Self.base + UInt64(index)),
                content: .body(content.1, salt: nil))
        }
        let start = Hashes.chainStart(log: id, replica: replica)
        let segment = try #require(Sealer.seal(ops, after: start, key: key).first)
        let placement = place(ReplicaRange(replica: replica, seqs: 1...2), in: id)
        return Batch(log: id, placements: [placement], segment: segment.bytes)
    }

    /// The sum over everything that was accepted.
    var summary: SyncSummary {
        var summary = SyncSummary()
        for (id, order) in orders { summary.add(id, epoch: epoch, cursor: order.cursor) }
        return summary
    }

    func head(of id: LogID) throws -> Head {
        let order = try #require(orders[id])
        return Head.signed(
            log: id, epoch: epoch, position: order.cursor.position,
            running: order.cursor.running, access: order.access, by: key)
    }
}
