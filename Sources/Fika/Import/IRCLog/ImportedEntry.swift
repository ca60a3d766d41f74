package import FikaCRDT
package import FikaChat

/// A line to import, ready to become an op: its stamp's time and its body.
package struct ImportedEntry: Hashable, Sendable {
    package let time: HybridTime
    package let message: ImportedMessage

    package init(time: HybridTime, message: ImportedMessage) {
        self.time = time
        self.message = message
    }
}
