import FikaSync
import Glibc

/// Counts the ops of frames that come, without decoding more than that takes.
struct FrameCounter {
    private(set) var ops = 0
    private(set) var bytes = 0
    private(set) var bytesSinceCredit = 0
    /// How many ops a batch without placements counts for, as a writer sends them.
    private let opsOfUnplaced: Int
    /// The start of a frame whose end has not come.
    private var carried: [UInt8] = []

    init(opsOfUnplaced: Int) {
        self.opsOfUnplaced = opsOfUnplaced
    }

    mutating func takeBytesSinceCredit() -> Int {
        defer { bytesSinceCredit = 0 }
        return bytesSinceCredit
    }

    /// Reads all that a connection has and counts it; the buffer is anybody's in between.
    mutating func read(_ socket: Socket, _ buffer: UnsafeMutableRawBufferPointer) throws {
        let start = carried.count
        precondition(start < buffer.count / 2, "frames are much shorter than the buffer")
        carried.withUnsafeBytes { buffer.copyMemory(from: $0) }
        let free = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
        guard let count = try socket.read(into: free) else { return }
        bytes += count
        bytesSinceCredit += count
        let end = start + count
        var frame = 0
        while let (body, next) = try frameEnds(at: frame, buffer, end) {
            try take(buffer, body, next)
            frame = next
        }
        carried.removeAll(keepingCapacity: true)
        carried.append(contentsOf: buffer[frame..<end])
    }

    /// Where a whole frame's type stands, and where the next frame starts.
    private func frameEnds(
        at start: Int, _ buffer: UnsafeMutableRawBufferPointer, _ end: Int
    ) throws -> (Int, Int)? {
        var index = start
        guard let length = Self.varint(buffer, &index, end), index + length <= end else {
            return nil
        }
        return (index, index + length)
    }

    private mutating func take(
        _ buffer: UnsafeMutableRawBufferPointer, _ type: Int, _ end: Int
    ) throws {
        switch buffer[type] {
        case FrameType.brief.byte: ops += 1
        case FrameType.batch.byte:
            let placed = placedOps(buffer, type + 1 + 16, end)
            ops += placed == 0 ? opsOfUnplaced : placed
        case FrameType.failure.byte, FrameType.goodbye.byte:
            throw Socket.Failure(text: "the relay gave this subscriber up")
        default: break
        }
    }

    private func placedOps(
        _ buffer: UnsafeMutableRawBufferPointer, _ start: Int, _ end: Int
    ) -> Int {
        var index = start
        guard let count = Self.varint(buffer, &index, end),
            let replicas = Self.varint(buffer, &index, end)
        else { return 0 }
        index += 16 * replicas
        var ops = 0
        for _ in 0..<count {
            // Replica, seq, count, position, time.
            for field in 0..<5 {
                let value = Self.varint(buffer, &index, end) ?? 0
                if field == 2 { ops += value }
            }
        }
        return ops
    }

    private static func varint(
        _ buffer: UnsafeMutableRawBufferPointer, _ index: inout Int, _ end: Int
    ) -> Int? {
        var value = 0
        var shift = 0
        while index < end {
            let byte = buffer[index]
            index += 1
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
