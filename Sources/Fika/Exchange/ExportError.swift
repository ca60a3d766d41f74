package import FikaCRDT
package import FikaLog

/// What is wrong with an export file; nothing of it was stored.
package enum ExportError: Error, Hashable, Sendable {
    /// The file does not begin as an export does.
    case noExport
    /// The file ends where more was announced.
    case truncated(offset: Int)
    /// A segment announces more bytes than one may have, or its count is not in its shortest form.
    case badCount(offset: Int)
    /// The segment that begins here does not decode.
    case segment(index: Int, offset: Int, LogError)
    /// The end tells other counts than there are.
    case counts(segments: UInt64, ops: UInt64)
    /// The bytes were changed.
    case checksum
    /// Bytes follow the end.
    case trailingBytes(offset: Int)
    case otherWorkspace(WorkspaceID)
    /// The system's words.
    case system(String)
}

extension ExportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noExport: "this is no Fika export"
        case .truncated(let offset): "cut off at byte \(offset)"
        case .badCount(let offset): "byte \(offset): no length of a segment"
        case .segment(let index, let offset, let error):
            "segment \(index + 1), at byte \(offset): \(error)"
        case .counts(let segments, let ops):
            "the end tells of \(segments) segments and \(ops) ops, which are not those before it"
        case .checksum: "the checksum does not fit: bytes were changed"
        case .trailingBytes(let offset): "bytes follow the end, from byte \(offset)"
        case .otherWorkspace(let id): "it is of another workspace, \(id)"
        case .system(let words): words
        }
    }
}
