/// Which kind of room a create op makes; the raw value is the byte in the format.
package enum RoomKind: UInt8, Sendable, CaseIterable {
    /// Colleagues; any member invites.
    case room = 1
    /// A visitor's chat: moderators invite, nobody reacts.
    case visitor = 3
    /// An event's chat: moderators invite and name.
    case event = 4
}
