package import FikaCRDT

/// When an unsealed op was written, as far as its device knew.
package struct UnsealedTime: Hashable, Sendable {
    /// Milliseconds of the device's own clock, uncorrected.
    package let writtenMilliseconds: UInt64
    /// The highest time that the log held then, own unsealed ops left out.
    package let held: HybridTime

    package init(writtenMilliseconds: UInt64, held: HybridTime) {
        self.writtenMilliseconds = writtenMilliseconds
        self.held = held
    }
}
