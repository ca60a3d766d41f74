/// What a repair kept, and what it could not read.
package struct RepairReport: Hashable, Sendable {
    /// The file that was damaged, as it is called now.
    package var setAside = ""
    /// Sealed ops that verify and were kept.
    package var keptOps = 0
    /// Own ops that nobody had seen, and that are said again.
    package var saidAgain = 0
    /// Sealed ops that should have been there and could not be kept; others may hold them.
    package var missingOps = 0
    /// Own ops that nobody had seen and that could not be read: these are lost.
    package var lostOps = 0

    package init() {}
}
