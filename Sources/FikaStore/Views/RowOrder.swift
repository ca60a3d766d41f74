/// The one order of rows (rule M4) in SQL: by stamp, then seq, then the row id's replica.
///
/// The index gives the times; only rows of one time are sorted.
enum RowOrder {
    /// Of an imported line that is here several times the op that gives the place is the row id.
    private static let columns = [
        "row.time",
        "(SELECT replica_id FROM replica WHERE id = ifnull(row.placed, row.op) >> 32)",
        "iif(row.kind = 31, ifnull(row.placed, row.op), row.op) & 0xFFFFFFFF",
        "(SELECT replica_id FROM replica WHERE id = row.op >> 32)",
    ]

    /// What decides between rows of one time.
    static let ties = columns.dropFirst().joined(separator: ", ")

    static let rising = columns.joined(separator: ", ")
    static let falling = columns.map { $0 + " DESC" }.joined(separator: ", ")
}
