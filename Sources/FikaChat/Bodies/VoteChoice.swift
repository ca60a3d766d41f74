package import FikaWire

/// What a vote op says of one option.
package struct VoteChoice: OpBody {
    package let option: OptionRef
    package let isOn: Bool

    package init(_ option: OptionRef, isOn: Bool) {
        self.option = option
        self.isOn = isOn
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        option = try OptionRef(from: &reader)
        isOn = try reader.readBool()
    }

    package func encode(to writer: inout ByteWriter) {
        option.encode(to: &writer)
        writer.write(bool: isOn)
    }
}
