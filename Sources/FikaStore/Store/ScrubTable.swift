import FikaWire
import GRDB

/// Whether erased words may still stand in pages that nobody reads (rule E2).
///
/// It is written with the erasing and taken back once the file is scrubbed, so that a crash between
/// the two is made good when the store is opened again.
struct ScrubTable {
    let db: Database
    private var meta: MetaTable { MetaTable(db: db) }

    init(db: Database) {
        self.db = db
    }

    /// How many erasings there were since the last scrub; nil when none was.
    func noted() throws -> UInt64? {
        guard let bytes = try meta.bytes(.scrub) else { return nil }
        var reader = ByteReader(bytes.span.bytes)
        do {
            return try reader.readFixed64()
        } catch {
            return .max
        }
    }

    func note() throws {
        var writer = ByteWriter()
        writer.write(fixed64: (try noted() ?? 0) &+ 1)
        try meta.set(.scrub, writer.bytes)
    }

    /// Takes back what was noted, unless there was another erasing meanwhile.
    func settle(_ count: UInt64) throws {
        if try noted() == count { try meta.remove(.scrub) }
    }
}
