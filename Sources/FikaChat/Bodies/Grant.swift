package import FikaCRDT
package import FikaLog
package import FikaWire

/// The body of the op that lets a user in (rule F4).
package struct Grant: OpBody {
    package let user: UserID
    package let role: Role
    /// The newest leave of that user that the granter knew: who left stays out unless it is named.
    package let leave: Dot?

    package init(user: UserID, role: Role, leave: Dot? = nil) {
        self.user = user
        self.role = role
        self.leave = leave
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        user = try reader.readUserID()
        role = try reader.readCase(Role.self)
        leave = reader.isAtEnd ? nil : try reader.readDot()
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(text: user.text)
        writer.write(byte: role.rawValue)
        if let leave { writer.write(dot: leave) }
    }
}
