import FikaLog
package import FikaWire

/// The body of the op that makes a poll.
package struct PollCreation: OpBody {
    package let settings: PollSettings
    package let question: String
    package let options: [String]

    package init(settings: PollSettings, question: String, options: [String]) {
        self.settings = settings
        self.question = question
        self.options = options
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let byte = try reader.readByte()
        settings = PollSettings(rawValue: byte)
        guard PollSettings.all.isSuperset(of: settings) else {
            throw .unknownValue(offset: 0, value: UInt64(byte))
        }
        question = try reader.readLongText()
        let count = try reader.readVarint(limit: Limits.pollOptionsMaximum)
        var options: [String] = []
        for _ in 0..<count { options.append(try reader.readLongText()) }
        self.options = options
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(byte: settings.rawValue)
        writer.write(text: question)
        writer.write(varint: UInt64(options.count))
        for option in options { writer.write(text: option) }
    }
}
