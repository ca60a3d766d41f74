import FikaCRDT
import FikaChat
import FikaLog

/// An order that this relay's own contradicts, as a client brings it (rule C3).
///
/// Nothing of it is stored before its head is proven: it waits here, with the connection.
struct SecondOrder: Sendable {
    /// How many bytes of ops wait for their proof; what is more goes through the door.
    static let bytesMaximum = 32 * 1024 * 1024
    /// How many milliseconds a client has to bring all of it.
    static let within: UInt64 = 60 * 1000

    var filling: OrderFilling
    let since: UInt64
    private(set) var uploads: [Upload] = []
    private(set) var cards: [ReplicaID: Card] = [:]
    private var byteCount = 0
    private var ops: [ReplicaID: [UInt64: OrderFilling.Claimed]] = [:]

    init(upTo head: Head, since: UInt64) {
        let start = RunningHash.start(log: head.log)
        filling = OrderFilling(
            after: Cursor(position: 0, running: start), access: start, upTo: head)
        self.since = since
    }

    var isTooLarge: Bool { byteCount > Self.bytesMaximum }

    mutating func keep(_ upload: Upload) {
        byteCount += upload.sealed.bytes.count
        uploads.append(upload)
        for card in upload.verified.newCards { cards[card.replica] = card }
        let segment = upload.verified.segment
        for (index, row) in segment.rows.enumerated() {
            ops[segment.dot(row).replica, default: [:]][row.seq] = OrderFilling.Claimed(
                hash: upload.verified.opHashes[index], kind: row.kind)
        }
    }

    /// The whole order; nil when an op is missing, or when it does not join its head.
    func proven<Log: RelayLog>(in log: Log) throws -> [PlacedRun]? {
        let id = filling.head.log
        return try filling.proven(
            isAccess: { KindFlags(of: $0).contains(.access) },
            ops: { replica, seqs in
                guard let brought = ops[replica] else {
                    return try log.ops(of: replica, in: id, seqs: seqs).map(\.claimed)
                }
                return try seqs.flatMap { seq in
                    try brought[seq].map { [$0] }
                        ?? log.ops(of: replica, in: id, seqs: seq...seq).map(\.claimed)
                }
            })
    }
}
