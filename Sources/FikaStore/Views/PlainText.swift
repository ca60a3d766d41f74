import FikaLog

/// Finds a message's text without decoding the rest, for the many bodies that hold nothing else.
enum PlainText {
    /// The bytes of the text; nil when the body holds more, or is not in order.
    static func slice(of body: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let start: Int? = body.withUnsafeBufferPointer { bytes in
            guard let (count, start) = count(bytes), count == bytes.count - start,
                isText(UnsafeBufferPointer(rebasing: bytes[start...]))
            else { return nil }
            return start
        }
        return start.map { body.dropFirst($0) }
    }

    /// The leading count, in shortest form and within the limit of texts, and where it ends.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> (count: Int, end: Int)? {
        var value = 0
        var shift = 0
        for (index, byte) in bytes.prefix(3).enumerated() {
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 {
                guard index == 0 || byte != 0, value <= Limits.textBytesMaximum else {
                    return nil
                }
                return (value, index + 1)
            }
            shift += 7
        }
        return nil
    }

    static func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = UnsafeRawBufferPointer(bytes)
        while rest.count >= 8 {
            guard rest.loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else {
                return String(validating: bytes, as: UTF8.self) != nil
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[8...])
        }
        return rest.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }
}
