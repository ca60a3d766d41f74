/// Why a replica was closed; the raw value is the byte in the format.
package enum CloseReason: UInt8, Sendable, CaseIterable {
    case notMember = 1
    case roomClosed = 2
    case clockAhead = 3
    case removed = 4
    case forked = 5
    case tooLarge = 6
    case malformed = 7
    case held = 8
}
