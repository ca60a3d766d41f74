import FikaLog
package import FikaWire

extension ByteReader {
    /// Reads all bytes that are left as text.
    package mutating func readRest(limit: Int) throws(WireError) -> String {
        guard remaining <= limit else {
            throw .aboveLimit(offset: offset, value: UInt64(remaining), limit: UInt64(limit))
        }
        return try readText(exactly: remaining)
    }

    /// Reads a counted text that people wrote.
    package mutating func readLongText() throws(WireError) -> String {
        try readText(limit: Limits.textBytesMaximum)
    }
}
