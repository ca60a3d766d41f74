package import FikaLog
package import FikaWire

/// The relay's first answer: its signature over the transcript, and what it makes of the summary.
package struct Ready: Hashable, Sendable {
    package enum Outcome: UInt8, Sendable {
        /// The sums are equal: nothing is new.
        case equal = 0
        /// The logs that changed follow; nothing else has.
        case changesFollow = 1
        /// The other end is to send its cursors.
        case cursorsWanted = 2
        /// Between devices: both send what they have.
        case havesFollow = 3
    }

    package var outcome: Outcome
    package var signature: Signature

    package init(outcome: Outcome, signature: Signature) {
        self.outcome = outcome
        self.signature = signature
    }
}

extension Ready: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            outcome: try reader.readCase(Outcome.self), signature: try reader.readSignature())
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(byte: outcome.rawValue)
        writer.write(bytes: signature.bytes)
    }
}
