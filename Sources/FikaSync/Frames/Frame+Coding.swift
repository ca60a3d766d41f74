import FikaCRDT
import FikaLog
package import FikaWire

extension Frame {
    package var type: FrameType {
        switch self {
        case .welcome: .welcome
        case .hello: .hello
        case .ready: .ready
        case .failure: .failure
        case .cursors: .cursors
        case .status: .status
        case .names: .names
        case .brief: .brief
        case .batch: .batch
        case .placed: .placed
        case .head: .head
        case .refusal: .refusal
        case .credit: .credit
        case .page: .page
        case .want: .want
        case .positions: .positions
        case .done: .done
        case .haves: .haves
        case .synced: .synced
        case .ephemeral: .ephemeral
        case .ping: .ping
        case .pong: .pong
        case .goodbye: .goodbye
        }
    }

    /// Decodes a whole body of a type.
    package init(type: FrameType, from reader: inout ByteReader) throws(WireError) {
        self =
            switch type {
            case .welcome: .welcome(try Welcome(from: &reader))
            case .hello: .hello(try Hello(from: &reader))
            case .ready: .ready(try Ready(from: &reader))
            case .failure: .failure(try Failure(from: &reader))
            case .cursors: .cursors(try LogCursor.readAll(from: &reader))
            case .status: .status(try LogStatus(from: &reader))
            case .names: .names(try Names(from: &reader))
            case .brief: .brief(try Brief(from: &reader))
            case .batch: .batch(try Batch(from: &reader))
            case .placed: .placed(try Placed(from: &reader))
            case .head: .head(try Head(from: &reader))
            case .refusal: .refusal(try Refusal(from: &reader))
            case .credit: .credit(try reader.readVarint(maximum: Limits.creditBytesMaximum))
            case .page: .page(try PageRequest(from: &reader))
            case .want: .want(try OpsRequest(from: &reader))
            case .positions: .positions(try PositionsRequest(from: &reader))
            case .done: .done(try reader.readVarint())
            case .haves: .haves(try Haves(from: &reader))
            case .synced: .synced(try reader.readTime())
            case .ephemeral: .ephemeral(try Ephemeral(from: &reader))
            case .ping: .ping(try reader.readVarint())
            case .pong: .pong(try reader.readVarint())
            case .goodbye:
                .goodbye(
                    retryAfter: try reader.readVarint(maximum: Limits.retryMillisecondsMaximum))
            }
        try reader.expectEnd()
    }

    /// Decodes a whole body of a type.
    package init(type: FrameType, body: [UInt8]) throws(WireError) {
        var reader = unsafe ByteReader(body.span.bytes)
        try self.init(type: type, from: &reader)
    }

    /// The whole frame: length, type and body.
    package func encode() -> [UInt8] {
        var writer = ByteWriter()
        let rest = encodeStart(to: &writer)
        let length = 1 + writer.count + rest.count
        precondition(length <= Limits.frameBytesMaximum, "what is sent keeps to the limits")
        var frame = ByteWriter(reserving: length + 4)
        frame.write(varint: UInt64(length))
        frame.write(byte: type.byte)
        frame.write(bytes: writer.bytes)
        frame.write(bytes: rest)
        return frame.bytes
    }

    /// How many bytes the whole frame has: what counts against credit (rule D6).
    package var byteCount: Int {
        var writer = ByteWriter()
        let length = 1 + encodeStart(to: &writer).count + writer.count
        var frame = ByteWriter()
        frame.write(varint: UInt64(length))
        return frame.count + length
    }

    /// The body alone, as it is hashed in a handshake.
    package var body: [UInt8] {
        var writer = ByteWriter()
        let rest = encodeStart(to: &writer)
        writer.write(bytes: rest)
        return writer.bytes
    }

    /// Writes the body's start and returns the rest.
    private func encodeStart(to writer: inout ByteWriter) -> [UInt8] {
        switch self {
        case .welcome(let body): return write(body, to: &writer)
        case .hello(let body): return write(body, to: &writer)
        case .ready(let body): return write(body, to: &writer)
        case .failure(let body): return write(body, to: &writer)
        case .cursors(let cursors): writer.write(items: cursors)
        case .status(let body): return write(body, to: &writer)
        case .names(let body): return write(body, to: &writer)
        case .brief(let body): return write(body, to: &writer)
        case .batch(let body): return write(body, to: &writer)
        case .placed(let body): return write(body, to: &writer)
        case .head(let body): return write(body, to: &writer)
        case .refusal(let body): return write(body, to: &writer)
        case .page(let body): return write(body, to: &writer)
        case .want(let body): return write(body, to: &writer)
        case .positions(let body): return write(body, to: &writer)
        case .haves(let body): return write(body, to: &writer)
        case .ephemeral(let body): return write(body, to: &writer)
        case .credit(let number), .done(let number), .synced(let number), .ping(let number),
            .pong(let number), .goodbye(let number):
            writer.write(varint: number)
        }
        return []
    }

    private func write(_ body: some FrameBody, to writer: inout ByteWriter) -> [UInt8] {
        body.encode(to: &writer)
        return body.rest
    }
}

extension LogCursor {
    /// Reads all cursors of a frame, by rising log.
    fileprivate static func readAll(
        from reader: inout ByteReader
    ) throws(WireError) -> [LogCursor] {
        let start = reader.offset
        let cursors: [LogCursor] = try reader.readItems(limit: Limits.cursorsMaximum)
        for (cursor, next) in zip(cursors, cursors.dropFirst()) where cursor.log >= next.log {
            throw .unknownValue(offset: start, value: next.log.high)
        }
        return cursors
    }
}
