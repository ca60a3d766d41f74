package import FikaCRDT
package import FikaWire

/// The body of seq 1 of a replica: whose it is, and what shows that its ids are true (rule O4).
package struct Introduction: Hashable, Sendable {
    /// What the replica writes as.
    package enum Role: UInt8, Sendable {
        case user = 0
        case relay = 1
    }

    package let role: Role
    package let publicKey: PublicKey
    package let incarnation: Incarnation
    /// Whose device it is; nil for a relay.
    package let user: UserID?
    package let deviceName: String
    /// Shown in logs with derived ids.
    package let preimage: LogPreimage?

    package init(
        role: Role = .user, publicKey: PublicKey, incarnation: Incarnation, user: UserID?,
        deviceName: String, preimage: LogPreimage?
    ) {
        precondition((role == .user) == (user != nil), "a relay is nobody, a device somebody's")
        self.role = role
        self.publicKey = publicKey
        self.incarnation = incarnation
        self.user = user
        self.deviceName = deviceName
        self.preimage = preimage
    }

    package var replica: ReplicaID {
        Hashes.replicaID(publicKey: publicKey, incarnation: incarnation)
    }

    package var body: [UInt8] {
        var writer = ByteWriter()
        writer.write(byte: role.rawValue)
        writer.write(bytes: publicKey.bytes)
        writer.write(bytes: incarnation.bytes)
        if let user { writer.write(text: user.text) }
        writer.write(text: deviceName)
        if let preimage { preimage.encode(to: &writer) }
        return writer.bytes
    }

    package init(body: [UInt8]) throws(WireError) {
        var reader = unsafe ByteReader(body.span.bytes)
        let role = try reader.readByte()
        guard let role = Role(rawValue: role) else {
            throw .unknownValue(offset: 0, value: UInt64(role))
        }
        guard let key = PublicKey(bytes: try reader.readBytes(32)),
            let incarnation = Incarnation(bytes: try reader.readBytes(16))
        else { throw .truncated(offset: reader.offset) }
        let user = role == .user ? try reader.readUserID() : nil
        let deviceName = try reader.readText(limit: Limits.nameBytesMaximum)
        let preimage = reader.isAtEnd ? nil : try LogPreimage(from: &reader)
        try reader.expectEnd()
        self.init(
            role: role, publicKey: key, incarnation: incarnation, user: user,
            deviceName: deviceName, preimage: preimage)
    }
}
