/// Stops a process at one of its effect boundaries: shared by all that has effects in it.
///
/// A boundary lies before and after each transaction, and between two things that are sent.
package final class CrashPoint {
    /// How many boundaries are still passed; nil: no crash is due.
    private var left: Int?
    package private(set) var hasCrashed = false

    package init() {}

    package var isArmed: Bool { left != nil }

    package func arm(after count: Int) {
        left = count
    }

    /// The process runs again.
    package func restart() {
        left = nil
        hasCrashed = false
    }

    /// Throws where the process stops; from then on at every boundary.
    package func pass() throws(WorldCrash) {
        if hasCrashed { throw WorldCrash() }
        guard let left else { return }
        guard left == 0 else {
            self.left = left - 1
            return
        }
        hasCrashed = true
        throw WorldCrash()
    }
}

/// A process stopped in the middle of what it did.
package struct WorldCrash: Error {}
