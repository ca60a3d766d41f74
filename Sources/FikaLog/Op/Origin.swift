package import FikaCRDT

/// What a re-homed op was first: its first id and the hash that its body had there (rule A4).
package struct Origin: Hashable, Sendable {
    package let dot: Dot
    package let bodyHash: Digest

    package init(dot: Dot, bodyHash: Digest) {
        self.dot = dot
        self.bodyHash = bodyHash
    }
}
