/// The number of a frame's type; `Specs/sync-protocol.md` is the table.
package enum FrameType: UInt8, Sendable, CaseIterable {
    case welcome = 1
    case hello = 2
    case ready = 3
    case failure = 4
    case cursors = 5
    case status = 6
    case names = 7
    case brief = 8
    case batch = 9
    case placed = 10
    case head = 11
    case refusal = 12
    case credit = 13
    case page = 14
    case want = 15
    case positions = 16
    case done = 17
    case haves = 18
    case synced = 19
    case ephemeral = 20
    case ping = 21
    case pong = 22
    case goodbye = 23

    /// In the byte on the wire: whoever does not know the type ends the connection.
    package static let criticalBit: UInt8 = 0x80

    /// The byte on the wire.
    package var byte: UInt8 {
        self == .ephemeral ? rawValue : rawValue | Self.criticalBit
    }
}
