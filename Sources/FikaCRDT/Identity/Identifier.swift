/// A 16-byte name that never changes: the first 16 bytes of a hash that certifies it.
///
/// `Subject` is a phantom: it keeps a log's id from being passed where a replica's is asked for.
/// The order is that of the bytes.
package struct Identifier<Subject>: Hashable, Sendable, BitwiseCopyable {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    /// The number of bytes of an identifier.
    package static var byteCount: Int { 16 }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Creates an identifier from exactly 16 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (offset, byte) in bytes.enumerated() {
            if offset < 8 {
                high = high << 8 | UInt64(byte)
            } else {
                low = low << 8 | UInt64(byte)
            }
        }
        self.init(high: high, low: low)
    }

    /// The 16 bytes, big-endian.
    package var bytes: [UInt8] {
        (0..<16).map { offset in
            let word = offset < 8 ? high : low
            return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (offset % 8)))
        }
    }
}

extension Identifier: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension Identifier: CustomStringConvertible {
    /// The 32 lower-case hexadecimal digits.
    package var description: String { Hexadecimal.text(bytes) }

    /// Reads 32 hexadecimal digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes: bytes)
    }
}

/// The phantom of ``LogID``.
package enum LogSubject {}
/// The phantom of ``ReplicaID``.
package enum ReplicaSubject {}
/// The phantom of ``WorkspaceID``.
package enum WorkspaceSubject {}

/// Names a log: one op log per room or private chat, per user and per workspace.
package typealias LogID = Identifier<LogSubject>
/// Names a replica: the writer of one chain of ops in one log.
package typealias ReplicaID = Identifier<ReplicaSubject>
/// Names a workspace: those who use one Fika together.
package typealias WorkspaceID = Identifier<WorkspaceSubject>
