/// What is wrong with bytes that somebody handed over.
package enum WireError: Error, Hashable, Sendable {
    /// The bytes end before what was announced; `offset` is where the missing part starts.
    case truncated(offset: Int)
    /// A varint is longer than ten bytes, above 2^64 - 1, or not in its shortest form.
    case malformedVarint(offset: Int)
    /// A count or length is above its limit.
    case aboveLimit(offset: Int, value: UInt64, limit: UInt64)
    /// The text is not valid UTF-8.
    case malformedText(offset: Int)
    /// A byte or number has a value that the format does not know.
    case unknownValue(offset: Int, value: UInt64)
    /// Bytes are left over where the format ends.
    case trailingBytes(offset: Int)
    /// The compressed bytes do not give what was announced.
    case malformedCompression(offset: Int)
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(let offset): "byte \(offset): the bytes end too early"
        case .malformedVarint(let offset): "byte \(offset): a malformed number"
        case .aboveLimit(let offset, let value, let limit):
            "byte \(offset): \(value) is above the limit of \(limit)"
        case .malformedText(let offset): "byte \(offset): the text is not UTF-8"
        case .unknownValue(let offset, let value): "byte \(offset): \(value) has no meaning here"
        case .trailingBytes(let offset): "byte \(offset): bytes are left over"
        case .malformedCompression(let offset):
            "byte \(offset): the compressed bytes were changed or cut"
        }
    }
}
