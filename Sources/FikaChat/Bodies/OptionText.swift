package import FikaWire

/// The body of the op that words an option of a poll anew.
package struct OptionText: OpBody {
    package let basis: Basis
    package let option: OptionRef
    package let text: String

    package init(basis: Basis, option: OptionRef, text: String) {
        self.basis = basis
        self.option = option
        self.text = text
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        basis = try Basis(from: &reader)
        option = try OptionRef(from: &reader)
        text = try reader.readLongText()
    }

    package func encode(to writer: inout ByteWriter) {
        basis.encode(to: &writer)
        option.encode(to: &writer)
        writer.write(text: text)
    }
}
