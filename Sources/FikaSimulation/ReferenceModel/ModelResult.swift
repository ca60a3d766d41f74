package import FikaCRDT
package import FikaChat

/// What follows from the ops that a holder has.
package struct ModelResult: Hashable, Sendable {
    package var state: LogState
    /// The row ids of what the viewer has not read, in the order of rows (rule M20).
    package var unread: [Dot]
    /// Those of the unread rows that mention the viewer (rule M10).
    package var mentions: [Dot]
    /// Those of the unread rows above what the viewer has read (rule M21).
    package var lateAbove: [Dot]
    /// The flags that the viewer has set on this log.
    package var flags: Set<LogFlag.Name>
    package var outcomes: [Dot: ModelOutcome]
    /// The grants and revokes that count and change nothing (rules F4 and F5).
    package var ineffective: Set<Dot>
    /// Why ops beyond a close were refused.
    package var refusals: [Dot: CloseReason]
    /// Whether an unknown critical kind keeps this holder from writing here.
    package var isReadOnly: Bool

    package func count(of outcome: ModelOutcome) -> Int {
        outcomes.values.filter { $0 == outcome }.count
    }
}
