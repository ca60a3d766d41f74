/// A mistake that can be planted in the real parts, to see that the simulator finds it.
///
/// Sites ask ``isPlanted``, which is false, and nothing of a site is left, in any build but one
/// with the define `FIKA_PLANTS`. `fika simulate --plants` plants each in turn; the list with what
/// finds each is in `Specs/faults.md`.
package enum PlantedBug: String, CaseIterable, Sendable {
    // MARK: Disks

    /// The relay tells of a commit that is not on disk yet.
    case forwardsBeforeCommit
    /// A client's cursor outlives a crash, the ops below it do not.
    case keepsCursorAlone
    /// A client's write returns before it is on disk.
    case returnsBeforeCommit

    // MARK: The relay

    /// Now and then the relay gives a position that it gave before.
    case givesPositionTwice
    /// Acknowledgements never reach the author.
    case losesAcknowledgements
}

extension PlantedBug {
    #if FIKA_PLANTS
        /// Which bug is planted in what runs in this task.
        @TaskLocal private static var planted: PlantedBug?

        /// Whether this build can plant bugs.
        package static var canBePlanted: Bool { true }

        package var isPlanted: Bool { Self.planted == self }

        /// Does something with a bug planted, or with none.
        package static func plant<Value>(
            _ bug: PlantedBug?, in body: () throws -> Value
        ) rethrows -> Value {
            try $planted.withValue(bug, operation: body)
        }
    #else
        /// Whether this build can plant bugs.
        package static var canBePlanted: Bool { false }

        @inlinable package var isPlanted: Bool { false }

        /// Does something with a bug planted, or with none; in this build there is none.
        package static func plant<Value>(
            _ bug: PlantedBug?, in body: () throws -> Value
        ) rethrows -> Value {
            precondition(bug == nil, "this build cannot plant bugs")
            return try body()
        }
    #endif
}
