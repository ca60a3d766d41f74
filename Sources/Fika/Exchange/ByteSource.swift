import Crypto
import Glibc

/// The bytes of a file in order, hashed as they are taken.
struct ByteSource: ~Copyable {
    private let file: Int32
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private var position = 0
    /// Of the next byte, from the start of the file.
    private(set) var offset = 0

    private static let bufferBytes = 1 << 18

    init(path: String) throws(ExportError) {
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .lastCall }
    }

    deinit {
        close(file)
    }

    /// The hash of all that was taken.
    var checksum: [UInt8] { Array(hash.finalize()) }

    /// Takes exactly as many bytes; memory grows with what is there, not with what is announced.
    mutating func take(_ count: Int) throws(ExportError) -> [UInt8] {
        let start = offset
        var taken: [UInt8] = []
        while taken.count < count {
            guard try fill() else { throw .truncated(offset: start + taken.count) }
            let part = buffer[position..<min(buffer.count, position + count - taken.count)]
            taken += part
            position += part.count
        }
        offset += count
        hash.update(data: taken)
        return taken
    }

    /// Takes an unsigned LEB128 number in its shortest form, of at most 5 bytes.
    mutating func takeVarint() throws(ExportError) -> Int {
        let start = offset
        var value = 0
        for shift in stride(from: 0, through: 28, by: 7) {
            let byte = try take(1)[0]
            value |= Int(byte & 0x7F) << shift
            guard byte < 0x80 else { continue }
            guard byte > 0 || shift == 0 else { throw .badCount(offset: start) }
            return value
        }
        throw .badCount(offset: start)
    }

    mutating func isAtEnd() throws(ExportError) -> Bool {
        !(try fill())
    }

    /// Makes sure that a byte is there; false at the end of the file.
    private mutating func fill() throws(ExportError) -> Bool {
        guard position == buffer.count else { return true }
        var next = [UInt8](repeating: 0, count: Self.bufferBytes)
        while true {
            let count = read(file, &next, next.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .lastCall }
            buffer = Array(next[..<count])
            position = 0
            return count > 0
        }
    }
}
