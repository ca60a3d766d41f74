/// A limit on everything; each is tested on both sides.
///
/// `Specs/limits.md` is the table.
package enum Limits {
    /// The highest seq of a replica in a log: a holder may keep it in 32 bits.
    package static let seqMaximum: UInt64 = 1 << 32 - 1
    /// Bytes of one op's body.
    package static let bodyBytesMaximum = 64 * 1024
    /// Bytes of a message's text, a question or an option.
    package static let textBytesMaximum = 32 * 1024
    /// Bytes of a room's name, a channel or a device's name.
    package static let nameBytesMaximum = 256
    /// Bytes of what a room is about.
    package static let aboutBytesMaximum = 2048
    /// Users mentioned in one message.
    package static let mentionsMaximum = 256
    /// Bytes of one reaction's emoji.
    package static let emojiBytesMaximum = 64
    /// Options in the op that makes a poll, and changes in one vote.
    package static let pollOptionsMaximum = 64
    /// Dots that one unpin names.
    package static let dotsMaximum = 256
    /// Replicas and intervals in one read mark.
    package static let readMarkIntervalsMaximum = 1024
    /// Ops in one segment.
    package static let segmentOpsMaximum = 1024
    /// Replicas that one segment names.
    package static let segmentReplicasMaximum = 4096
    /// Bytes of a segment's heads and bodies before compression.
    package static let segmentRawBytesMaximum = 8 * 1024 * 1024
    /// Bytes of a whole segment as handed over.
    package static let segmentBytesMaximum = 16 * 1024 * 1024
    /// Ops between two seals, so also the longest tail plus one (rule S2).
    package static let sealDistanceMaximum = 64
    /// Bytes that stay of an erased body, beside its hash.
    package static let residueBytesMaximum = 8
}
