/// A change of a file, as the shim noted it.
struct JournalRecord {
    enum Kind: UInt8 {
        case create = 0x63
        case write = 0x77
        case truncate = 0x74
        case sync = 0x73
        case failedSync = 0x78
        case unlink = 0x75
        case rename = 0x72
        case link = 0x6C
        /// Nothing that a loss of power concerns.
        case other = 0x6D
    }

    let kind: Kind
    let path: String
    let inode: UInt64
    /// Of a write or truncation; of a rename or link the inode that had the second name.
    let offset: Int
    let sizeBefore: Int
    let before: [UInt8]
    let after: [UInt8]

    /// The second name of a rename or link.
    var otherPath: String { String(decoding: after, as: UTF8.self) }

    /// Reads a journal; a record that a crash cut short is left out, for its change was not made.
    static func all(_ bytes: [UInt8]) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var place = 0
        let headerBytes = 48
        while place + headerBytes <= bytes.count {
            func number(_ offset: Int, _ count: Int) -> Int {
                (0..<count).reduce(0) { $0 | Int(bytes[place + offset + $1]) << (8 * $1) }
            }
            let counts = [number(4, 4), number(32, 8), number(40, 8)]
            let end = place + headerBytes + counts.reduce(0, +)
            guard end <= bytes.count, let kind = Kind(rawValue: bytes[place]) else { break }
            var start = place + headerBytes
            let parts = counts.map { count in
                defer { start += count }
                return Array(bytes[start..<start + count])
            }
            records.append(
                JournalRecord(
                    kind: kind, path: String(decoding: parts[0], as: UTF8.self),
                    inode: UInt64(number(8, 8)), offset: number(16, 8),
                    sizeBefore: number(24, 8), before: parts[1], after: parts[2]))
            place = end
        }
        return records
    }
}
