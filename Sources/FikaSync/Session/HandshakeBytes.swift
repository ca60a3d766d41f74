import FikaCRDT
import FikaLog
import FikaWire

/// The bodies of the two frames that are signed (byte table in `Specs/sync-protocol.md`).
enum HandshakeBytes {
    static func welcome(_ welcome: Welcome) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(byte: welcome.lowestVersion)
        writer.write(byte: welcome.highestVersion)
        writer.write(byte: welcome.role.rawValue)
        writer.write(bytes: welcome.key.bytes)
        writer.write(fixed64: welcome.epoch.raw)
        writer.write(varint: welcome.time)
        writer.write(varint: welcome.time - min(welcome.base, welcome.time))
        writer.write(bytes: welcome.nonce)
        writer.write(varint: welcome.credit)
        if let user = welcome.user { writer.write(text: user.text) }
        return writer.bytes
    }

    /// The body of a hello up to its signature.
    static func unsigned(_ hello: Hello) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(byte: hello.version)
        writer.write(bytes: hello.key.bytes)
        writer.write(bytes: hello.nonce)
        writer.write(bytes: hello.workspace.bytes)
        writer.write(text: hello.user.text)
        writer.write(counted: hello.token)
        writer.write(varint: hello.credit)
        if let summary = hello.summary {
            writer.write(byte: 1)
            writer.write(fixed64: UInt64(truncatingIfNeeded: summary.sum >> 64))
            writer.write(fixed64: UInt64(truncatingIfNeeded: summary.sum))
            writer.write(varint: summary.count)
        } else {
            writer.write(byte: 0)
        }
        writer.write(varint: hello.completeUntil)
        return writer.bytes
    }
}
