package import FikaWire

/// The body of the op that asks a poll's question anew.
package struct PollQuestion: OpBody {
    package let basis: Basis
    package let text: String

    package init(basis: Basis, text: String) {
        self.basis = basis
        self.text = text
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        basis = try Basis(from: &reader)
        text = try reader.readLongText()
    }

    package func encode(to writer: inout ByteWriter) {
        basis.encode(to: &writer)
        writer.write(text: text)
    }
}
