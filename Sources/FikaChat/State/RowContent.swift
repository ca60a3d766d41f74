package import FikaCRDT
package import FikaLog

/// What a row shows.
package enum RowContent: Hashable, Sendable {
    /// `reply` is the row id of the answered message, which need not be held.
    case message(text: String, mentions: [UserID], reply: Dot?)
    case imported(type: ImportedType, text: String)
    case poll(PollState)
    /// The stub that stays of a deleted or erased row.
    case deleted
    case system(SystemEvent)
}
