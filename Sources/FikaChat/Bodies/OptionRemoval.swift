package import FikaWire

/// The body of the op that takes an option away for good (rule M15).
package struct OptionRemoval: OpBody {
    package let basis: Basis
    package let option: OptionRef

    package init(basis: Basis, option: OptionRef) {
        self.basis = basis
        self.option = option
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        basis = try Basis(from: &reader)
        option = try OptionRef(from: &reader)
    }

    package func encode(to writer: inout ByteWriter) {
        basis.encode(to: &writer)
        option.encode(to: &writer)
    }
}
