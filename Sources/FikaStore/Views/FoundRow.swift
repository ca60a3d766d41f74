import FikaCRDT
import FikaChat
import FikaLog

/// A row of the timeline that an op acts on.
struct FoundRow {
    let key: OpKey
    let time: HybridTime
    let kind: ChatKind?
    let author: Int64
    var marks: RowMarks
    var unread: Int64
    let placed: OpKey?
    let editTime: HybridTime
    let editOp: OpKey?

    static let query = """
        SELECT op, time, kind, author, marks, unread, placed, edit_time, edit_op
        FROM row WHERE op = ?
        """

    init(_ query: HotStatement) {
        key = OpKey(raw: query.int(0))
        time = HybridTime(raw: UInt64(bitPattern: query.int(1)))
        kind = ChatKind(Kind(UInt16(truncatingIfNeeded: query.int(2))))
        author = query.int(3)
        marks = RowMarks(rawValue: query.int(4))
        unread = query.int(5)
        placed = query.optionalInt(6).map { OpKey(raw: $0) }
        editTime = HybridTime(raw: UInt64(bitPattern: query.int(7)))
        editOp = query.optionalInt(8).map { OpKey(raw: $0) }
    }

    var isDeleted: Bool { marks.contains(.deleted) }

    /// The op that gives the row its place.
    var standing: OpKey { placed ?? key }
}
