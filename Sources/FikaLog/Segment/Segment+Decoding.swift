import FikaCRDT
package import FikaWire

extension Segment {
    /// Decodes a whole block; the rows are not yet verified.
    package init(block: [UInt8]) throws(LogError) {
        var reader = unsafe ByteReader(block.span.bytes)
        try self.init(from: &reader)
        if !reader.isAtEnd { throw .malformed(.trailingBytes(offset: reader.offset)) }
    }

    /// Decodes a block and leaves the reader behind it.
    package init(from reader: inout ByteReader) throws(LogError) {
        let version: UInt8
        do {
            version = try reader.readByte()
        } catch {
            throw .malformed(error)
        }
        guard version == SegmentFormat.version else { throw .unsupportedVersion(version) }
        do {
            try self.init(versionOneFrom: &reader)
        } catch {
            throw .malformed(error)
        }
    }

    private init(versionOneFrom reader: inout ByteReader) throws(WireError) {
        let header = try SegmentHeader(from: &reader)
        var decoder = try header.readRows(from: &reader)
        try decoder.readSalts(from: &reader)
        self.init(
            log: header.log, replicas: header.replicas, runs: header.runs, rows: decoder.rows,
            bodies: decoder.bodies, origins: decoder.origins, erasedHashes: decoder.erasedHashes)
    }
}
