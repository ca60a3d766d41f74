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
        var text = HashText(.op)
        write(to: &text)
        return text.bytes
    }

    package var hash: Digest {
        var text = HashText(.op)
        return hash(in: &text)
    }

    /// The hash, put together in the memory of `text`.
    func hash(in text: inout HashText) -> Digest {
        write(to: &text)
        return text.digest
    }

    private func write(to text: inout HashText) {
        text.start(.op)
        text.append(kind.number)
        text.append(UInt8((target == nil ? 0 : 1) | (origin == nil ? 0 : 2)))
        text.append(log)
        text.append(dot)
        text.append(time.raw)
        if let target { text.append(target) }
        if let origin {
            text.append(origin.dot)
            text.append(origin.bodyHash)
        }
        text.append(bodyHash)
    }
}
