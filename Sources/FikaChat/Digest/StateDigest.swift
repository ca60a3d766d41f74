package import FikaCRDT
package import FikaLog
import FikaWire

/// The timeline digest of a log: the hash of all that is shown of it (rule M25).
///
/// Rows are taken one at a time, so a log of any length needs no more room than its longest row.
/// Byte table in `Specs/digest.md`.
package struct StateDigest: Sendable {
    private var hash = StreamingHash(.timeline)

    /// Starts with what is shown of the log as a whole; members rise by user.
    package init(log: LogID, kind: LogKind, name: String, about: String, members: [Member]) {
        var writer = ByteWriter()
        writer.write(bytes: log.bytes)
        writer.write(logKind: kind)
        writer.write(text: name)
        writer.write(text: about)
        writer.write(varint: UInt64(members.count))
        for member in members {
            writer.write(text: member.user.text)
            writer.write(byte: member.role.rawValue)
        }
        hash.update(writer.bytes)
    }

    /// Adds the next row; rows come in the order of rule M4.
    package mutating func add(_ row: TimelineRow) {
        var writer = ByteWriter()
        writer.write(byte: 1)
        writer.write(row: row)
        hash.update(writer.bytes)
    }

    /// Returns the digest of the rows so far.
    package func finalize() -> Digest {
        var hash = hash
        hash.update([0])
        return hash.digest()
    }

    package static func digest(of state: LogState) -> Digest {
        var digest = StateDigest(
            log: state.log, kind: state.kind, name: state.name, about: state.about,
            members: state.members)
        for row in state.rows { digest.add(row) }
        return digest.finalize()
    }
}
