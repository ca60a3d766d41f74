import Crypto
import FikaCRDT
import FikaLog
import Glibc

/// Writes segments into a new file, which has its name only once it is whole.
struct ExportWriter: ~Copyable {
    private let path: String
    private let file: Int32
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private(set) var segments = 0
    private(set) var ops = 0
    private(set) var byteCount = 0

    private static let bufferBytes = 1 << 18

    init(path: String, workspace: WorkspaceID) throws(ExportError) {
        self.path = path
        // What somebody else put there might be read by others, or lead elsewhere.
        Self.discard(path: path)
        file = open(Self.draft(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .lastCall }
        try write(ExportFormat.magic + workspace.bytes)
    }

    deinit {
        close(file)
    }

    mutating func add(_ segment: SealedSegment) throws(ExportError) {
        let bytes = segment.bytes
        try write(ExportFormat.varint(bytes.count))
        try write(bytes)
        segments += 1
        ops += segment.segment.rows.count
    }

    /// Writes the end, and gives the file its name once it is on the disk.
    mutating func finish() throws(ExportError) {
        try write([0] + ExportFormat.varint(segments) + ExportFormat.varint(ops))
        buffer += hash.finalize()
        byteCount += ExportFormat.checksumBytes
        try flush()
        guard fsync(file) == 0, rename(Self.draft(path), path) == 0 else { throw .lastCall }
    }

    /// Leaves nothing of a file that was not finished.
    static func discard(path: String) {
        unlink(draft(path))
    }

    private static func draft(_ path: String) -> String { path + ".part" }

    private mutating func write(_ bytes: [UInt8]) throws(ExportError) {
        hash.update(data: bytes)
        buffer += bytes
        byteCount += bytes.count
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private mutating func flush() throws(ExportError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .lastCall }
            done += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

extension ExportError {
    /// The failure of the system call before.
    static var lastCall: ExportError { .system(String(cString: strerror(errno))) }
}
