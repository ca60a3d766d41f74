/// Eight random bytes that keep a hashed body from being guessed once the body is erased.
package struct Salt: Hashable, Sendable, BitwiseCopyable {
    package let raw: UInt64

    package static var byteCount: Int { 8 }

    package init(raw: UInt64) {
        self.raw = raw
    }

    package init(using generator: inout some RandomNumberGenerator) {
        self.init(raw: generator.next())
    }

    /// Appends the eight bytes, big-endian.
    package func append(to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: raw >> shift))
        }
    }
}
