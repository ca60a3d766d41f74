package import FikaCRDT

/// One replicated action, immutable once sealed.
package struct Op: Hashable, Sendable {
    package var kind: Kind
    package var id: OpID
    package var time: HybridTime
    /// The op of the same log that this one acts on.
    package var target: Dot?
    /// What a re-homed op was first.
    package var origin: Origin?
    package var content: Content

    /// What an op says, or what is left of it.
    package enum Content: Hashable, Sendable {
        /// The body as written, with its salt when the kind is salted.
        case body([UInt8], salt: Salt?)
        /// The body was destroyed: its hash stays so that the log verifies, and up to 8 bytes that
        /// let a later copy be recognised.
        case erased(bodyHash: Digest, residue: [UInt8])
    }

    package init(
        kind: Kind, id: OpID, time: HybridTime, target: Dot? = nil, origin: Origin? = nil,
        content: Content
    ) {
        self.kind = kind
        self.id = id
        self.time = time
        self.target = target
        self.origin = origin
        self.content = content
    }

    package var stamp: Stamp { Stamp(time: time, replica: id.dot.replica) }

    /// The body; nil once erased.
    package var body: [UInt8]? {
        switch content {
        case .body(let body, _): body
        case .erased: nil
        }
    }

    package var bodyHash: Digest {
        switch content {
        case .body(let body, let salt): Hashes.body(body, salt: salt)
        case .erased(let bodyHash, _): bodyHash
        }
    }

    /// The hash of the canonical header, which holds the body's hash (rules B1 and S1).
    package var hash: Digest {
        CanonicalHeader(
            kind: kind, log: id.log, dot: id.dot, time: time, target: target, origin: origin,
            bodyHash: bodyHash
        ).hash
    }

    /// The same op with its body destroyed (rule E2).
    package func erased(residue: [UInt8] = []) -> Op {
        precondition(residue.count <= Limits.residueBytesMaximum, "a residue has 8 bytes at most")
        var copy = self
        copy.content = .erased(bodyHash: bodyHash, residue: residue)
        return copy
    }
}
