package import FikaCRDT
package import FikaWire

/// What the id of a private, personal or directory log is derived from (rule O4).
package struct LogPreimage: Hashable, Sendable {
    /// Which of the derived logs it is; the raw value is the byte in the format.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A chat of two named users, or of one with oneself.
        case privateChat = 1
        /// One user's own: read marks, flags.
        case personal = 2
        /// A workspace's: profiles, groups, labels.
        case directory = 3
    }

    package let workspace: WorkspaceID
    package let kind: Kind
    /// The named users, rising, none twice.
    package let users: [UserID]

    package init(workspace: WorkspaceID, kind: Kind, users: some Sequence<UserID>) {
        self.workspace = workspace
        self.kind = kind
        self.users = Set(users).sorted()
    }

    /// How many users each kind names.
    package var isWellFormed: Bool {
        switch kind {
        case .privateChat: (1...2).contains(users.count)
        case .personal: users.count == 1
        case .directory: users.isEmpty
        }
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(byte: kind.rawValue)
        writer.write(bytes: workspace.bytes)
        writer.write(varint: UInt64(users.count))
        for user in users { writer.write(text: user.text) }
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let kind = try reader.readByte()
        guard let kind = Kind(rawValue: kind) else {
            throw .unknownValue(offset: start, value: UInt64(kind))
        }
        let workspace: WorkspaceID = try reader.readIdentifier()
        let count = try reader.readVarint(limit: 2)
        var users: [UserID] = []
        for _ in 0..<count { users.append(try reader.readUserID()) }
        self.init(workspace: workspace, kind: kind, users: users)
        guard self.users == users, isWellFormed else {
            throw .unknownValue(offset: start, value: UInt64(count))
        }
    }
}
