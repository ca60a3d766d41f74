package import FikaCRDT

/// All that is shown of a log; equal ops give equal states, whatever order they came in.
package struct LogState: Hashable, Sendable {
    package var log: LogID
    package var kind: LogKind
    package var name: String
    package var about: String
    /// Those who are in now, rising by user.
    package var members: [Member]
    /// In the order of rule M4.
    package var rows: [TimelineRow]

    package init(
        log: LogID, kind: LogKind, name: String = "", about: String = "", members: [Member] = [],
        rows: [TimelineRow] = []
    ) {
        self.log = log
        self.kind = kind
        self.name = name
        self.about = about
        self.members = members
        self.rows = rows
    }
}
