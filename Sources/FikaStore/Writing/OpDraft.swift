package import FikaChat
package import FikaCRDT

/// An op that somebody wants to write here, before it has an id and a stamp.
package struct OpDraft: Hashable, Sendable {
    package let kind: ChatKind
    package let target: Dot?
    package let body: [UInt8]

    package init(_ kind: ChatKind, target: Dot? = nil, body: [UInt8] = []) {
        self.kind = kind
        self.target = target
        self.body = body
    }
}
