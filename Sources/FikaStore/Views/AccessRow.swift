import FikaCRDT
import FikaChat
import FikaLog
import GRDB

/// An access op as the views store it, to be folded again without the log.
struct AccessRow {
    let key: OpKey
    let kind: Kind
    let time: HybridTime
    let position: UInt64?
    let target: OpKey?
    let isOfOtherBranch: Bool
    let body: [UInt8]

    init(
        key: OpKey, kind: Kind, time: HybridTime, position: UInt64?, target: OpKey?,
        isOfOtherBranch: Bool, body: [UInt8]
    ) {
        self.key = key
        self.kind = kind
        self.time = time
        self.position = position
        self.target = target
        self.isOfOtherBranch = isOfOtherBranch
        self.body = body
    }

    init(_ query: HotStatement) throws {
        key = OpKey(raw: query.int(0))
        kind = Kind(UInt16(truncatingIfNeeded: query.int(1)))
        time = HybridTime(raw: UInt64(bitPattern: query.int(2)))
        position = try query.optionalNatural(3)
        target = query.optionalInt(4).map { OpKey(raw: $0) }
        isOfOtherBranch = query.int(5) != 0
        body = query.bytes(6)
    }

    func accessOp(_ catalog: Catalog, _ db: Database) throws -> AccessOp {
        let entry = try catalog.replica(key.replica, db)
        guard let introduction = entry.introduction else {
            throw StoreError.damaged("access op \(key.raw) is of a stranger")
        }
        let dot = Dot(replica: entry.replica, seq: key.seq)
        let target = try target.map { try catalog.dot($0, db) }
        let content: ChatOp
        do {
            content = try ChatOp.decode(kind: kind, target: target, body: body)
        } catch {
            throw StoreError.damaged("access op \(key.raw): \(error)")
        }
        guard content.known?.flags.contains(.access) == true else {
            throw StoreError.damaged("access op \(key.raw) is none")
        }
        return AccessOp(
            point: position.map { .accepted($0) }
                ?? .pending(Stamp(time: time, replica: dot.replica)),
            dot: dot, author: AccessAuthor(introduction), content: content,
            closesOtherBranch: isOfOtherBranch)
    }
}
