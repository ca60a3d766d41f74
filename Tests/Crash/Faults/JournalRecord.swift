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

    private static let mark = (0..<8).map { UInt8(truncatingIfNeeded: markNumber >> (8 * $0)) }
    private static let markNumber: UInt64 = 0x9E37_D00D_5A17_F1CA
    private static let headerBytes = 56

    /// Reads a journal; a record that a kill cut short is left out, and those after it are found.
    static func all(_ bytes: [UInt8]) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var place = 0
        while place + headerBytes <= bytes.count {
            if let (record, end) = record(bytes[place...]) {
                records.append(record)
                place = end
            } else {
                place += 1
                while place < bytes.count, !isMarked(bytes, place) { place += 1 }
            }
        }
        return records
    }

    private static func isMarked(_ bytes: [UInt8], _ place: Int) -> Bool {
        bytes[place] == mark[0] && bytes[place...].starts(with: mark)
    }

    /// The record that some bytes begin with, and where it ends.
    private static func record(_ bytes: ArraySlice<UInt8>) -> (JournalRecord, Int)? {
        let begin = bytes.startIndex
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[begin + offset + $1]) << (8 * $1) }
        }
        let counts = [number(12, 4), number(40, 8), number(48, 8)]
        guard bytes.starts(with: mark), let kind = Kind(rawValue: bytes[begin + 8]),
            counts.allSatisfy({ (0...bytes.count).contains($0) })
        else { return nil }
        var start = begin + headerBytes
        let end = start + counts.reduce(0, +)
        guard end <= bytes.endIndex else { return nil }
        let next = bytes[end...].prefix(mark.count)
        guard mark.starts(with: next) else { return nil }
        let parts = counts.map { count in
            defer { start += count }
            return Array(bytes[start..<start + count])
        }
        let record = JournalRecord(
            kind: kind, path: String(decoding: parts[0], as: UTF8.self),
            inode: UInt64(number(16, 8)), offset: number(24, 8), sizeBefore: number(32, 8),
            before: parts[1], after: parts[2])
        return (record, end)
    }
}
