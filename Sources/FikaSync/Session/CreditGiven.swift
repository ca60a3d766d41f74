/// The credit that this end gave: how much the other end may still send, and what is owed.
package struct CreditGiven: Sendable {
    /// At the latest when so much is stored it is given back: a sender that uses less of the
    /// window than this would wait for ever.
    package static let largestDebt: UInt64 = 64 * 1024

    private let window: Int64
    private var remaining: Int64
    private var owed: Int64 = 0

    init(window: UInt64) {
        self.window = Int64(min(window, 1 << 40))
        remaining = self.window
    }

    /// A frame that costs credit came.
    mutating func take(_ byteCount: UInt64) throws(Violation) {
        guard remaining > 0 else {
            throw Violation(.unexpected, "ops came without credit")
        }
        remaining -= Int64(min(byteCount, 1 << 40))
        owed += Int64(min(byteCount, 1 << 40))
    }

    /// What to give back now that all that came is stored; nil while it is little.
    mutating func giveBack() -> UInt64? {
        guard owed > 0, owed >= min(window / 4, Int64(Self.largestDebt)) else { return nil }
        let given = owed
        remaining += given
        owed = 0
        return UInt64(given)
    }
}
