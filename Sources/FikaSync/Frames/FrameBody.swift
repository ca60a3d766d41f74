package import FikaWire

/// The body of one type of frame, in its one form: decoding takes nothing but what encoding gives.
package protocol FrameBody: Hashable, Sendable {
    init(from reader: inout ByteReader) throws(WireError)

    /// Writes all but ``rest``.
    func encode(to writer: inout ByteWriter)

    /// The bytes to the body's end, which are copied once on their way into a frame.
    var rest: [UInt8] { get }
}

extension FrameBody {
    package var rest: [UInt8] { [] }
}

/// One of many equal things in a frame.
package protocol FrameItem: Hashable, Sendable {
    /// It takes no fewer bytes: no room is made for more of them than there can be.
    static var leastByteCount: Int { get }

    init(from reader: inout ByteReader) throws(WireError)

    func encode(to writer: inout ByteWriter)
}
