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
    /// Bytes of a segment's bodies before compression, with `headBytesMaximum` for each op.
    package static let segmentRawBytesMaximum = 1024 * 1024
    /// Bytes of one row's head.
    package static let headBytesMaximum = 128
    /// Bytes of a whole segment as handed over.
    package static let segmentBytesMaximum = 16 * 1024 * 1024
    /// Ops between two seals, so also the longest tail plus one (rule S2).
    package static let sealDistanceMaximum = 64
    /// Bytes that stay of an erased body, beside its hash.
    package static let residueBytesMaximum = 8
    /// Bytes of a frame after its length.
    package static let frameBytesMaximum = 16 * 1024 * 1024 + 64 * 1024
    /// The same before a connection's handshake is done.
    package static let handshakeBytesMaximum = 8192
    /// Bytes of an admission token.
    package static let tokenBytesMaximum = 4096
    /// Bytes of a failure's reason.
    package static let reasonBytesMaximum = 512
    /// Logs in one frame of cursors.
    package static let cursorsMaximum = 65536
    /// Replicas in one frame of names.
    package static let namesMaximum = 4096
    /// Placements in one frame.
    package static let placementsMaximum = 1024
    /// Replicas in one frame of haves.
    package static let havesReplicasMaximum = 65536
    /// Intervals of all replicas in one frame of haves.
    package static let havesIntervalsMaximum = 262144
    /// Ops of a page.
    package static let pageOpsMaximum = 1024
    /// Ranges in one want.
    package static let wantRangesMaximum = 1024
    /// Positions asked for at once.
    package static let positionsMaximum = 65536
    /// The highest position in a log's order.
    package static let positionMaximum: UInt64 = 1 << 48 - 1
    /// Bytes of credit in one frame.
    package static let creditBytesMaximum: UInt64 = 1 << 32
    /// Bytes of what an ephemeral frame says.
    package static let ephemeralBytesMaximum = 1024
    /// Milliseconds that an ephemeral frame counts.
    package static let ephemeralMillisecondsMaximum: UInt64 = 120_000
    /// Milliseconds after which to try again.
    package static let retryMillisecondsMaximum: UInt64 = 86_400_000
}
