package import FikaCRDT

/// The one form of a header that is hashed, whatever form is stored or sent (rule B1).
///
/// Byte table in `Specs/op.md`.
package struct CanonicalHeader {
    package let kind: Kind
    package let log: LogID
    package let dot: Dot
    package let time: HybridTime
    package let target: Dot?
    package let origin: Origin?
    package let bodyHash: Digest

    package init(
        kind: Kind, log: LogID, dot: Dot, time: HybridTime, target: Dot?, origin: Origin?,
        bodyHash: Digest
    ) {
        self.kind = kind
        self.log = log
        self.dot = dot
        self.time = time
        self.target = target
        self.origin = origin
        self.bodyHash = bodyHash
    }

    package var bytes: [UInt8] {
        var bytes = HashDomain.op.prefix
        bytes.reserveCapacity(176)
        append(kind.number, to: &bytes)
        bytes.append((target == nil ? 0 : 1) | (origin == nil ? 0 : 2))
        append(log, to: &bytes)
        append(dot, to: &bytes)
        append(time.raw, to: &bytes)
        if let target { append(target, to: &bytes) }
        if let origin {
            append(origin.dot, to: &bytes)
            origin.bodyHash.append(to: &bytes)
        }
        bodyHash.append(to: &bytes)
        return bytes
    }

    package var hash: Digest { Hashes.digest(bytes) }

    private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private func append<Subject>(_ identifier: Identifier<Subject>, to bytes: inout [UInt8]) {
        append(identifier.high, to: &bytes)
        append(identifier.low, to: &bytes)
    }

    private func append(_ dot: Dot, to bytes: inout [UInt8]) {
        append(dot.replica, to: &bytes)
        append(dot.seq, to: &bytes)
    }
}
