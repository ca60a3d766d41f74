/// What goes wrong with disks in a world.
package enum WorldDiskFault: String, Hashable, Sendable, CaseIterable {
    /// A process stops at one operation of its disk.
    case crash
    /// The power fails at one operation, or between two.
    case powerLoss
    /// A process stops while it starts, with or without the power failing.
    case crashAtStart
    /// One operation fails.
    case ioError
    /// One sync fails.
    case failedSync
    /// For some time there is little room, or none.
    case full
}
