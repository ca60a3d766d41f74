package import Fika

/// Finds out what is new in a page that is shown again and again.
package struct Following {
    /// Something to show.
    package struct Item: Hashable {
        package let kind: Kind
        package let message: Message
    }

    /// Why it is shown.
    package enum Kind: String, Hashable {
        /// It is part of the first page.
        case first
        /// It came and is the newest.
        case new
        /// It came and stands above rows that were shown before.
        case late
        /// It was shown before, as something else.
        case changed
    }

    private var shown: [MessageID: Message] = [:]
    private var isFirst = true

    package init() {}

    /// Takes the page as it is now and gives what to show, in the order of the timeline.
    package mutating func take(_ page: TimelinePage) -> [Item] {
        defer {
            // What has left the page does not come back into it.
            shown = Dictionary(page.rows.map { ($0.id, $0) }) { first, _ in first }
            isFirst = false
        }
        guard !isFirst else { return page.rows.map { Item(kind: .first, message: $0) } }
        let lastShown = page.rows.lastIndex { shown[$0.id] != nil } ?? -1
        return page.rows.enumerated().compactMap { index, message in
            guard let before = shown[message.id] else {
                return Item(kind: index < lastShown ? .late : .new, message: message)
            }
            return before == message ? nil : Item(kind: .changed, message: message)
        }
    }
}
