import FikaLog
package import FikaWire

/// The body of a vote: for each option that it names, on or off (rule M16).
package struct Vote: OpBody {
    /// Rising by option, none twice, 1 to 64.
    package let choices: [VoteChoice]

    package init(_ choices: [VoteChoice]) {
        precondition(!choices.isEmpty, "a vote names at least one option")
        self.choices = choices.sorted { $0.option < $1.option }
        let isRising = zip(self.choices, self.choices.dropFirst())
            .allSatisfy { $0.option < $1.option }
        precondition(isRising, "a vote names no option twice")
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let count = try reader.readCount(limit: Limits.pollOptionsMaximum)
        var choices: [VoteChoice] = []
        for index in 0..<count {
            let start = reader.offset
            let choice = try VoteChoice(from: &reader)
            if let last = choices.last, last.option >= choice.option {
                throw .unknownValue(offset: start, value: UInt64(index))
            }
            choices.append(choice)
        }
        self.choices = choices
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: UInt64(choices.count))
        for choice in choices { choice.encode(to: &writer) }
    }
}
