package import Crypto
import FikaCRDT

/// A SHA-256 hash: 32 bytes, kept as four words so that tables of them are flat.
package struct Digest: Hashable, Sendable, BitwiseCopyable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package static var byteCount: Int { 32 }

    package init(_ digest: SHA256Digest) {
        words = unsafe digest.withUnsafeBytes { bytes in
            (
                unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
                unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                unsafe bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
            )
        }
    }

    /// Hashes the bytes.
    package init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        unsafe hash.update(bufferPointer: bytes)
        self.init(hash.finalize())
    }

    /// Creates a digest from exactly 32 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
        self.words = words
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: words) { unsafe Array($0) }
    }

    /// Appends the 32 bytes without an array in between.
    package func append(to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: words) { unsafe bytes.append(contentsOf: $0) }
    }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { Hexadecimal.text(bytes) }
}
