package import FikaCRDT
package import FikaLog

/// Reads an export file one segment after the other; only its end says that all of it was good.
package struct ExportReader: ~Copyable {
    package let workspace: WorkspaceID
    private var source: ByteSource
    private var segments: UInt64 = 0
    private var ops: UInt64 = 0
    private var isFinished = false

    package init(path: String) throws(ExportError) {
        var source = try ByteSource(path: path)
        workspace = try Self.readHead(&source)
        self.source = source
    }

    private static func readHead(
        _ source: inout ByteSource
    ) throws(ExportError) -> WorkspaceID {
        let head: [UInt8]
        do throws(ExportError) {
            head = try source.take(ExportFormat.headBytes)
        } catch {
            guard case .truncated = error else { throw error }
            throw .noExport
        }
        guard head.starts(with: ExportFormat.magic),
            let workspace = WorkspaceID(bytes: head.dropFirst(ExportFormat.magic.count))
        else { throw .noExport }
        return workspace
    }

    /// The bytes read so far.
    package var offset: Int { source.offset }

    /// Returns the next segment, decoded and not yet verified; nil after an end that is in order.
    package mutating func next() throws(ExportError) -> SealedSegment? {
        guard !isFinished else { return nil }
        let start = source.offset
        let count = try source.takeVarint()
        guard count > 0 else {
            try readEnd()
            isFinished = true
            return nil
        }
        guard count <= Limits.segmentBytesMaximum else { throw .badCount(offset: start) }
        let bytes = try source.take(count)
        do throws(LogError) {
            let segment = try SealedSegment(bytes: bytes)
            segments += 1
            ops += UInt64(segment.segment.rows.count)
            return segment
        } catch {
            throw .segment(index: Int(segments), offset: start, error)
        }
    }

    private mutating func readEnd() throws(ExportError) {
        let told = (UInt64(try source.takeVarint()), UInt64(try source.takeVarint()))
        let checksum = source.checksum
        guard try source.take(ExportFormat.checksumBytes) == checksum else { throw .checksum }
        guard told == (segments, ops) else { throw .counts(segments: told.0, ops: told.1) }
        guard try source.isAtEnd() else { throw .trailingBytes(offset: source.offset) }
    }
}
