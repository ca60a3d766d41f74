/// One direction of a connection: bytes in flight, which arrive in their order.
package struct WorldPipe: Sendable {
    private struct Chunk {
        var due: UInt64
        var bytes: ArraySlice<UInt8>
    }

    private var chunks: [Chunk] = []
    /// When the last byte that was sent arrives.
    package private(set) var lastDue: UInt64 = 0
    /// Whether what is sent from now on is lost.
    package private(set) var isCut = false
    /// Whether the sender has closed: behind the last byte comes the end.
    package private(set) var isEnding = false

    package init() {}

    package var byteCount: Int { chunks.reduce(0) { $0 + $1.bytes.count } }

    /// Sends some bytes as one piece; returns when they arrive, nil when they never do.
    package mutating func send(_ bytes: ArraySlice<UInt8>, due: UInt64) -> UInt64? {
        guard !isCut, !isEnding, !bytes.isEmpty else { return nil }
        lastDue = max(lastDue, due)
        chunks.append(Chunk(due: lastDue, bytes: bytes))
        return lastDue
    }

    /// The sender closes; returns when the other end learns of it, nil when it never does.
    package mutating func end(due: UInt64) -> UInt64? {
        guard !isCut, !isEnding else { return nil }
        isEnding = true
        lastDue = max(lastDue, due)
        return lastDue
    }

    /// Takes out what has arrived, as one piece.
    package mutating func arrive(now: UInt64) -> [UInt8] {
        let count = chunks.prefix { $0.due <= now }.count
        let bytes = chunks.prefix(count).flatMap(\.bytes)
        chunks.removeFirst(count)
        return bytes
    }

    /// Loses all that is in flight but the first bytes, wherever in a frame that is.
    ///
    /// - Parameters:
    ///   - count: How many bytes still arrive.
    ///   - delay: How much later than planned they do.
    /// - Returns: When they arrive, rising.
    package mutating func cut(keeping count: Int, delayedBy delay: UInt64) -> [UInt64] {
        isCut = true
        var left = count
        var kept: [Chunk] = []
        for var chunk in chunks where left > 0 {
            chunk.bytes = chunk.bytes.prefix(left)
            chunk.due += delay
            left -= chunk.bytes.count
            kept.append(chunk)
        }
        chunks = kept
        lastDue = max(lastDue, kept.last?.due ?? 0)
        return kept.map(\.due)
    }
}
