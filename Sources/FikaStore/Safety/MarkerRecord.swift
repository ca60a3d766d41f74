package import FikaWire

/// What a database remembers of the marker beside it.
///
/// To advance, the transaction that hands ops over writes the record with the value that the marker
/// has and the one that it will have; then the marker is written, and only then do bytes leave.
/// Whatever moment a crash takes, the marker has one of the two.
package struct MarkerRecord: Hashable, Sendable {
    package let current: MarkerValue
    package let next: MarkerValue
    package let file: FileIdentity

    package init(current: MarkerValue, next: MarkerValue, file: FileIdentity) {
        self.current = current
        self.next = next
        self.file = file
    }

    /// Judges what was found beside a database by what the database remembers.
    package static func verdict(
        record: MarkerRecord?, reading: MarkerReading
    ) -> MarkerVerdict {
        guard let record else { return .restoredOrCloned(.databaseWithoutRecord) }
        switch reading {
        case .missing: return .restoredOrCloned(.markerMissing)
        case .unreadable: return .restoredOrCloned(.markerUnreadable)
        case .value(let value, let file):
            if value.generation > record.next.generation {
                return .restoredOrCloned(.olderDatabase)
            }
            if value.generation < record.current.generation {
                return .restoredOrCloned(.olderMarker)
            }
            guard value == record.current || value == record.next else {
                return .restoredOrCloned(.otherToken)
            }
            return file == record.file ? .same : .restoredOrCloned(.otherFile)
        }
    }

    /// The record to write when the marker, which has this value, is to be advanced.
    package static func advancing(
        from value: MarkerValue, file: FileIdentity,
        using generator: inout some RandomNumberGenerator
    ) -> MarkerRecord {
        MarkerRecord(current: value, next: value.next(using: &generator), file: file)
    }
}

extension MarkerRecord {
    /// Six big-endian words of 64 bits, as they lie in the database.
    package var bytes: [UInt8] {
        var writer = ByteWriter()
        for word in [
            current.generation, current.token, next.generation, next.token, file.device,
            file.inode,
        ] {
            writer.write(fixed64: word)
        }
        return writer.bytes
    }

    package init(bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes.span.bytes)
        current = MarkerValue(
            generation: try reader.readFixed64(), token: try reader.readFixed64())
        next = MarkerValue(
            generation: try reader.readFixed64(), token: try reader.readFixed64())
        file = FileIdentity(device: try reader.readFixed64(), inode: try reader.readFixed64())
        try reader.expectEnd()
    }
}
