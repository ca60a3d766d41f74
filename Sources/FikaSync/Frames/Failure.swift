import FikaLog
package import FikaWire
/// The last frame of a connection that went wrong.
package struct Failure: Hashable, Sendable {
    package enum Code: UInt64, Sendable, CaseIterable {
        case malformed = 1
        case unsupportedVersion = 2
        /// The key, the signature or the token does not hold.
        case notAuthentic = 3
        /// This user or device may not connect here.
        case notAdmitted = 4
        /// A frame that is not allowed now.
        case unexpected = 5
        case tooLarge = 6
        /// Ops that do not verify.
        case badOps = 7
        /// The relay's order starts again; connect anew.
        case newEpoch = 8
        case tooSlow = 9
        /// Something failed at the end that says so.
        case failed = 10
    }

    /// Raw, so that a code of a later version is kept.
    package var code: UInt64
    /// For a log or a person; at most 512 bytes, what is longer is cut.
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.init(code: code.rawValue, reason: reason)
    }

    package init(code: UInt64, reason: String) {
        self.code = code
        var kept = reason.unicodeScalars.prefix(Limits.reasonBytesMaximum)
        while String(kept).utf8.count > Limits.reasonBytesMaximum { kept.removeLast() }
        self.reason = String(kept)
    }
}

extension Failure: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            code: try reader.readVarint(),
            reason: try reader.readText(limit: Limits.reasonBytesMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: code)
        writer.write(text: reason)
    }
}
