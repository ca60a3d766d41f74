package import FikaCRDT
import FikaLog
import FikaWire

/// Eight bytes by which an imported line is known again, whoever imports it (rule M23).
package struct ImportKey: Hashable, Sendable, BitwiseCopyable {
    package static var byteCount: Int { 8 }

    /// The bytes as a big-endian number.
    package let raw: UInt64

    package init(raw: UInt64) {
        self.raw = raw
    }

    /// Reads what stays of an erased op; nil for any other count than 8 bytes.
    package init?(residue: some Collection<UInt8>) {
        guard residue.count == Self.byteCount else { return nil }
        raw = residue.reduce(0) { $0 << 8 | UInt64($1) }
    }

    package init(log: LogID, run: ImportRun, time: HybridTime, _ line: ImportedMessage) {
        var writer = ByteWriter(reserving: 96 + line.text.utf8.count)
        writer.write(bytes: HashDomain.importKey.prefix)
        writer.write(bytes: log.bytes)
        writer.write(text: run.source)
        writer.write(text: run.channel)
        writer.write(fixed64: time.milliseconds)
        writer.write(byte: line.type.rawValue)
        writer.write(text: line.author)
        writer.write(varint: line.ordinal)
        writer.write(text: line.text)
        raw = Hashes.digest(writer.bytes).bytes.prefix(Self.byteCount)
            .reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What stays of the op once it is erased.
    package var residue: [UInt8] {
        var writer = ByteWriter()
        writer.write(fixed64: raw)
        return writer.bytes
    }
}
