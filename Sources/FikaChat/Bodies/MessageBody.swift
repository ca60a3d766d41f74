package import FikaLog
package import FikaWire

/// The body of a message, and of an edit, which replaces all of it (rule M5).
package struct MessageBody: OpBody {
    package let text: String
    /// Rising, none twice.
    package let mentions: [UserID]

    package init(text: String, mentions: some Sequence<UserID> = []) {
        self.text = text
        self.mentions = Set(mentions).sorted()
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        text = try reader.readLongText()
        guard !reader.isAtEnd else {
            mentions = []
            return
        }
        let count = try reader.readCount(limit: Limits.mentionsMaximum)
        var users: [UserID] = []
        for index in 0..<count {
            let start = reader.offset
            let user = try reader.readUserID()
            if let last = users.last, last >= user {
                throw .unknownValue(offset: start, value: UInt64(index))
            }
            users.append(user)
        }
        mentions = users
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(text: text)
        guard !mentions.isEmpty else { return }
        writer.write(varint: UInt64(mentions.count))
        for user in mentions { writer.write(text: user.text) }
    }
}
