import FikaCRDT
import FikaLog

/// The ops of the load as rows of one raw rowid table: the limit for applying a batch.
struct RawRows {
    private struct Row {
        let replica: Int64
        let seq: Int64
        let time: Int64
        let kind: Int64
        let targetReplica: Int64
        let targetSeq: Int64
        let salt: Int64
        let body: Range<Int>
    }

    private var rows: [Row] = []
    private var bodies: [UInt8] = []

    var count: Int { rows.count }

    mutating func add(_ segment: Segment, replicas: [Int64]) {
        for row in segment.rows {
            let body = segment.body(row)
            rows.append(
                Row(
                    replica: replicas[Int(segment.runs[Int(row.run)].replica)],
                    seq: Int64(row.seq), time: Int64(row.time.raw), kind: Int64(row.kind.number),
                    targetReplica: row.targetReplica < 0
                        ? 0 : replicas[Int(row.targetReplica)],
                    targetSeq: Int64(row.targetSeq), salt: Int64(bitPattern: row.salt.raw),
                    body: bodies.count..<bodies.count + body.count))
            bodies.append(contentsOf: body)
        }
    }

    /// Inserts all rows, a thousand a transaction; gives the time that it took.
    func insert(into database: RawDatabase, synchronous: String) throws -> Times {
        try database.run("PRAGMA journal_mode = WAL")
        try database.run("PRAGMA synchronous = \(synchronous)")
        try database.run("PRAGMA cache_size = -65536")
        try database.run(
            """
            CREATE TABLE op (room INTEGER, replica INTEGER, seq INTEGER, time INTEGER,
                kind INTEGER, target_replica INTEGER, target_seq INTEGER, salt INTEGER, body BLOB)
            """)
        let insert = try database.prepare("INSERT INTO op VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)")
        return try bodies.withUnsafeBytes { bodies in
            try Times {
                for start in stride(from: 0, to: rows.count, by: 1000) {
                    try database.run("BEGIN")
                    for row in rows[start..<min(start + 1000, rows.count)] {
                        insert.bind(1, row.replica)
                        insert.bind(2, row.seq)
                        insert.bind(3, row.time)
                        insert.bind(4, row.kind)
                        insert.bind(5, row.targetReplica)
                        insert.bind(6, row.targetSeq)
                        insert.bind(7, row.salt)
                        insert.bind(8, UnsafeRawBufferPointer(rebasing: bodies[row.body]))
                        insert.run()
                    }
                    try database.run("COMMIT")
                }
            }
        }
    }
}
