/// An input as parts, each with a head of one byte: `head, length of 2 bytes, body`.
///
/// A last part may be shorter than it says.
struct FuzzRecords: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) {
        rest = Array(bytes)[...]
    }

    mutating func next() -> (head: UInt8, body: [UInt8])? {
        guard let head = rest.popFirst() else { return nil }
        let high = Int(rest.popFirst() ?? 0)
        let low = Int(rest.popFirst() ?? 0)
        let body = Array(rest.prefix(high << 8 | low))
        rest = rest.dropFirst(body.count)
        return (head, body)
    }

    /// One part as it stands in an input.
    static func part(_ head: UInt8, _ body: [UInt8]) -> [UInt8] {
        let count = Swift.min(body.count, Int(UInt16.max))
        return [head, UInt8(count >> 8), UInt8(count & 0xFF)] + body.prefix(count)
    }
}
