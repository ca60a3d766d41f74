package import FikaWire

/// The body of the op that adds an option to a poll.
package struct OptionAddition: OpBody {
    /// The highest count of bytes of a rank.
    package static let rankBytesMaximum = 64

    package let basis: Basis
    /// Places it among the others (rule M14); empty: after all of them.
    package let rank: [UInt8]
    package let text: String

    package init(basis: Basis, rank: [UInt8] = [], text: String) {
        self.basis = basis
        self.rank = rank
        self.text = text
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        basis = try Basis(from: &reader)
        rank = try reader.readCounted(limit: Self.rankBytesMaximum)
        text = try reader.readLongText()
    }

    package func encode(to writer: inout ByteWriter) {
        basis.encode(to: &writer)
        writer.write(counted: rank)
        writer.write(text: text)
    }
}
