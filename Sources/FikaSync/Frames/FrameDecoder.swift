import FikaWire

/// Cuts a stream of bytes into frames, however it comes in pieces.
///
/// It holds no more than one incomplete frame and what was appended last. After an error there is
/// nothing but that error: where the next frame starts is not known.
package struct FrameDecoder: Sendable {
    /// Counts from the next frame on.
    package var limit: FrameLimit

    private var buffer: [UInt8] = []
    /// Where in the buffer the next frame starts.
    private var start = 0
    private var error: FrameError?

    /// More than this is not kept for the next frame.
    private static let keptCapacity = 4096

    package init(limit: FrameLimit = .handshake) {
        self.limit = limit
    }

    /// How many bytes wait for a frame's end.
    package var bufferedCount: Int { buffer.count - start }

    /// Takes bytes that came; all that is complete is to be asked for before the next ones.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        guard error == nil else { return }
        if start > 0 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next complete frame, nil when more bytes are needed.
    ///
    /// Frames of unknown types that are not critical are skipped.
    package mutating func next() throws(FrameError) -> DecodedFrame? {
        if let error { throw error }
        do {
            while let part = try nextPart() {
                let decoded = try decode(part)
                start = part.body.upperBound
                dropDecoded()
                if let decoded { return decoded }
            }
            return nil
        } catch {
            self.error = error
            buffer = []
            start = 0
            throw error
        }
    }

    /// A complete frame in the buffer; without a type it is to be skipped.
    private struct Part {
        var type: FrameType?
        var body: Range<Int>
    }

    private func nextPart() throws(FrameError) -> Part? {
        guard let (length, typeIndex) = try readLength(), typeIndex < buffer.count else {
            return nil
        }
        // The type is judged before the body is waited for.
        let type = try knownType(buffer[typeIndex])
        guard buffer.count - typeIndex >= length else { return nil }
        return Part(type: type, body: typeIndex + 1..<typeIndex + length)
    }

    /// The length of what follows it, and where that starts.
    private func readLength() throws(FrameError) -> (Int, Int)? {
        var length: UInt64 = 0
        var index = start
        while true {
            guard index < buffer.count else { return nil }
            let byte = buffer[index]
            length |= UInt64(byte & 0x7F) << UInt64(7 * (index - start))
            guard length <= UInt64(limit.byteCount) else {
                throw .tooLarge(length: length, limit: UInt64(limit.byteCount))
            }
            index += 1
            if byte < 0x80 {
                // A last byte of 0 is either no length at all or one in too many bytes.
                guard byte > 0 else { throw .malformed(.malformedVarint(offset: 0)) }
                return (Int(length), index)
            }
            // Five bytes are more than any length takes in its shortest form.
            guard index - start < 5 else { throw .malformed(.malformedVarint(offset: 0)) }
        }
    }

    private func knownType(_ byte: UInt8) throws(FrameError) -> FrameType? {
        let isCritical = byte & FrameType.criticalBit != 0
        guard let type = FrameType(rawValue: byte & ~FrameType.criticalBit) else {
            if isCritical { throw .unknownType(byte & ~FrameType.criticalBit) }
            return nil
        }
        guard type.byte == byte else {
            throw .malformed(.unknownValue(offset: 0, value: UInt64(byte)))
        }
        return type
    }

    private func decode(_ part: Part) throws(FrameError) -> DecodedFrame? {
        guard let type = part.type else { return nil }
        let frame: Frame
        do {
            var body = unsafe ByteReader(buffer.span.bytes.extracting(part.body))
            frame = try Frame(type: type, from: &body)
        } catch {
            throw .malformed(error)
        }
        let isSigned = type == .welcome || type == .hello
        return DecodedFrame(
            frame: frame, signedBody: isSigned ? Array(buffer[part.body]) : [],
            byteCount: part.body.upperBound - start)
    }

    private mutating func dropDecoded() {
        guard start == buffer.count else { return }
        start = 0
        if buffer.capacity > Self.keptCapacity {
            buffer = []
        } else {
            buffer.removeAll(keepingCapacity: true)
        }
    }
}
