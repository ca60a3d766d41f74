private import CZstd

/// zstd frames, with the content's length known beforehand and checked against a limit.
package enum Zstd {
    /// The level of stored and sent segments: measured, higher ones gain little and cost much.
    package static let level: Int32 = 3

    /// Returns one zstd frame with a checksum.
    package static func compress(_ bytes: [UInt8], level: Int32 = Zstd.level) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let context = unsafe ZSTD_createCCtx()
            defer { _ = unsafe ZSTD_freeCCtx(context) }
            unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
            unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(
                    context, buffer.baseAddress, bound, source.baseAddress, source.count)
            }
            precondition(ZSTD_isError(written) == 0, "zstd has room for any input")
            count = written
        }
    }

    /// Returns what exactly one zstd frame holds.
    ///
    /// Nothing is allocated before the frame itself states that count, with a checksum and without
    /// a dictionary, and ends where the bytes end.
    ///
    /// - Parameters:
    ///   - frame: The compressed bytes.
    ///   - count: How many bytes the frame must give; the caller has checked it against a limit.
    ///   - offset: Where the frame starts, for the error.
    /// - Returns: The bytes, `count` of them.
    /// - Throws: `WireError.malformedCompression` when the frame gives anything else.
    package static func decompress(
        _ frame: [UInt8], count: Int, offset: Int
    ) throws(WireError) -> [UInt8] {
        guard states(frame, count: count) else { throw .malformedCompression(offset: offset) }
        var good = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, written in
            let result = unsafe frame.withUnsafeBytes { source in
                unsafe ZSTD_decompress(buffer.baseAddress, count, source.baseAddress, source.count)
            }
            good = ZSTD_isError(result) == 0 && result == count
            written = good ? count : 0
        }
        guard good else { throw .malformedCompression(offset: offset) }
        return bytes
    }

    /// Whether the bytes are one frame in our form (RFC 8878, section 3.1.1) of so much content.
    private static func states(_ frame: [UInt8], count: Int) -> Bool {
        // In the descriptor after the magic number, of the low five bits (unused, reserved,
        // checksum, two for a dictionary) just the checksum's is set.
        guard frame.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), frame.count > 4, count >= 0,
            frame[4] & 0b1_1111 == 0b0_0100
        else { return false }
        return unsafe frame.withUnsafeBytes { source in
            unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count) == UInt64(count)
                && ZSTD_findFrameCompressedSize(source.baseAddress, source.count) == source.count
        }
    }
}
