import FikaCRDT
import FikaChat
import FikaLog
import FikaWire

/// The eight bytes by which an imported line is known again (rule M23).
enum ModelImportKey {
    static func bytes(
        log: LogID, run: ImportRun, time: HybridTime, _ line: ImportedMessage
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(bytes: HashDomain.importKey.prefix)
        writer.write(bytes: log.bytes)
        writer.write(text: run.source)
        writer.write(text: run.channel)
        writer.write(fixed64: time.milliseconds)
        writer.write(byte: line.type.rawValue)
        writer.write(text: line.author)
        writer.write(varint: line.ordinal)
        writer.write(text: line.text)
        return Array(Hashes.digest(writer.bytes).bytes.prefix(8))
    }
}
