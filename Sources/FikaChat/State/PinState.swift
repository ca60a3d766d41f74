package import FikaCRDT
package import FikaLog

/// Who pinned a row first, and when (rule M9).
package struct PinState: Hashable, Sendable {
    package var by: UserID
    package var time: HybridTime

    package init(by: UserID, time: HybridTime) {
        self.by = by
        self.time = time
    }
}
