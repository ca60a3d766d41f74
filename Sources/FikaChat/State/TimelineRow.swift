package import FikaCRDT

/// One row of a timeline.
package struct TimelineRow: Hashable, Sendable {
    /// The row id: the dot that the op first had (rule M24).
    package var id: Dot
    /// Places the row; a re-homed op's row is placed by the copy's.
    package var stamp: Stamp
    package var author: Author
    package var content: RowContent
    package var isEdited: Bool
    /// By the emoji's bytes.
    package var reactions: [ReactionState]
    package var pin: PinState?

    package init(
        id: Dot, stamp: Stamp, author: Author, content: RowContent, isEdited: Bool = false,
        reactions: [ReactionState] = [], pin: PinState? = nil
    ) {
        self.id = id
        self.stamp = stamp
        self.author = author
        self.content = content
        self.isEdited = isEdited
        self.reactions = reactions
        self.pin = pin
    }

    /// The one order of rows: by stamp, then seq (rule M4).
    ///
    /// Only re-homed rows of several replicas can agree in both; their first replica then decides.
    package static func precedes(_ left: TimelineRow, _ right: TimelineRow) -> Bool {
        if left.stamp != right.stamp { return left.stamp < right.stamp }
        if left.id.seq != right.id.seq { return left.id.seq < right.id.seq }
        return left.id.replica < right.id.replica
    }
}
