import FikaCRDT
import FikaLog

/// A row of the timeline about to be inserted; its text is given as bytes.
struct NewRow {
    var key: OpKey
    var time: HybridTime
    var kind: Kind
    var detail: Int64 = 0
    var author: Int64
    var marks: RowMarks = []
    /// 1 unread, 2 and mentions the viewer.
    var unread: Int64 = 0
    var reply: OpKey?
    /// The op that gives place and author, where it is not the row id's.
    var placed: OpKey?

    static let insertion = """
        INSERT INTO row (op, log, time, kind, detail, author, marks, unread, text, reply, placed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    func insert(_ statement: HotStatement, log: Int64, text: ArraySlice<UInt8>) throws {
        statement.bind(1, key.raw)
        statement.bind(2, log)
        statement.bind(3, Int64(bitPattern: time.raw))
        statement.bind(4, Int64(kind.number))
        statement.bind(5, detail)
        statement.bind(6, author)
        statement.bind(7, marks.rawValue)
        statement.bind(8, unread)
        statement.bind(9, text: text)
        statement.bind(10, reply?.raw)
        statement.bind(11, placed?.raw)
        try statement.run()
    }
}
