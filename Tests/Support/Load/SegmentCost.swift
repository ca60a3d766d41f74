package import FikaLog
import FikaWire

/// What segments cost beside the texts that they carry.
package struct SegmentCost: Sendable {
    package private(set) var opCount = 0
    package private(set) var textBytes = 0
    /// The texts alone, compressed segment by segment.
    package private(set) var compressedTextBytes = 0
    /// The blocks as stored, salts among them.
    package private(set) var blockBytes = 0
    package private(set) var saltBytes = 0
    /// Signatures, each with its seq.
    package private(set) var sealBytes = 0
    /// Chain values before runs and hashes after them.
    package private(set) var tailBytes = 0

    package init() {}

    /// Adds one segment.
    ///
    /// The texts are those that the caller put into it.
    package mutating func add(_ sealed: SealedSegment, texts: [String]) {
        let together = texts.flatMap(\.utf8)
        opCount += sealed.segment.rows.count
        textBytes += together.count
        compressedTextBytes += Zstd.compress(together).count
        blockBytes += sealed.block.count
        saltBytes += sealed.segment.rows.count { $0.isSalted } * Salt.byteCount
        for proof in sealed.proofs {
            sealBytes += proof.seals.count * (Signature.byteCount + 1)
            tailBytes += (proof.tail.count + (proof.before == nil ? 0 : 1)) * Digest.byteCount
        }
    }

    /// Bytes an op above the same texts alone, without salts, seals and introductions.
    package func bytesAbovePerOp(introductionBytes: Int = 0) -> Double {
        perOp(blockBytes - saltBytes - compressedTextBytes - introductionBytes)
    }

    package func perOp(_ bytes: Int) -> Double {
        opCount == 0 ? 0 : Double(bytes) / Double(opCount)
    }
}
