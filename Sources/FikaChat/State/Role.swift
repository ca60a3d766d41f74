/// What a member may beyond reading and writing; the raw value is the byte in the format.
package enum Role: UInt8, Sendable, CaseIterable {
    case member = 1
    case moderator = 2
}

extension Role: Comparable {
    package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}
