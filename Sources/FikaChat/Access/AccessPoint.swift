package import FikaCRDT

/// When an op is judged (see `Specs/access.md`).
package enum AccessPoint: Hashable, Sendable, BitwiseCopyable {
    /// The relay gave it this position.
    case accepted(UInt64)
    /// No position yet: provisional, after everything accepted.
    case pending(Stamp)
}

extension AccessPoint: Comparable {
    package static func < (left: AccessPoint, right: AccessPoint) -> Bool {
        switch (left, right) {
        case (.accepted(let left), .accepted(let right)): left < right
        case (.pending(let left), .pending(let right)): left < right
        case (.accepted, .pending): true
        case (.pending, .accepted): false
        }
    }
}
