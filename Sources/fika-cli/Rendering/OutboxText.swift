package import Fika

/// Renders the outbox.
package struct OutboxText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// A line for each item.
    package func text(_ items: [OutboxItem]) -> String {
        guard !items.isEmpty else { return "the outbox is empty" }
        var table = Table()
        for item in items {
            let what = item.opCount > 1 ? "\(item.kind) of \(item.opCount) ops" : item.kind
            table.add(
                style.time(item.writtenAt), item.first.short, DeliveryText.word(item.delivery),
                what, PlainText.short(item.text ?? "", 48))
        }
        return table.text
    }
}
