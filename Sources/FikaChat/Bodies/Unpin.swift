package import FikaCRDT
import FikaLog
package import FikaWire

/// The body of an unpin: exactly the pins that it ends (rule M9).
package struct Unpin: OpBody {
    /// Rising, none twice, at least one.
    package let pins: [Dot]

    package init(pins: some Sequence<Dot>) {
        self.pins = Set(pins).sorted()
        precondition(!self.pins.isEmpty, "an unpin ends at least one pin")
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let count = try reader.readCount(limit: Limits.dotsMaximum)
        var pins: [Dot] = []
        for index in 0..<count {
            let start = reader.offset
            let pin = try reader.readDot()
            if let last = pins.last, last >= pin {
                throw .unknownValue(offset: start, value: UInt64(index))
            }
            pins.append(pin)
        }
        self.pins = pins
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: UInt64(pins.count))
        for pin in pins { writer.write(dot: pin) }
    }
}
