package import FikaCRDT
import FikaLog
package import FikaWire

/// The body of the op that makes a room (rule F3).
package struct Creation: OpBody {
    package let kind: RoomKind
    package let workspace: WorkspaceID
    /// Sixteen random bytes that the room's id is made of, with the creator's key.
    package let nonce: [UInt8]
    package let name: String
    package let about: String

    package init(
        kind: RoomKind, workspace: WorkspaceID, nonce: [UInt8], name: String, about: String = ""
    ) {
        precondition(nonce.count == 16, "a room's nonce has 16 bytes")
        self.kind = kind
        self.workspace = workspace
        self.nonce = nonce
        self.name = name
        self.about = about
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        kind = try reader.readCase(RoomKind.self)
        workspace = try reader.readIdentifier()
        nonce = try reader.readBytes(16)
        name = try reader.readText(limit: Limits.nameBytesMaximum)
        about = try reader.readText(limit: Limits.aboutBytesMaximum)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(byte: kind.rawValue)
        writer.write(bytes: workspace.bytes)
        writer.write(bytes: nonce)
        writer.write(text: name)
        writer.write(text: about)
    }
}
