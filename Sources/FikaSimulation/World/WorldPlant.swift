/// A fault that is planted around the real parts, to see that the checks find it.
package enum WorldPlant: String, Hashable, Sendable, CaseIterable {
    /// The relay tells of a commit that is not on disk yet.
    case forwardsBeforeCommit
    /// A client's cursor outlives a crash, the ops below it do not.
    case keepsCursorAlone
    /// Now and then the relay gives a position that it gave before.
    case givesPositionTwice
    /// Acknowledgements never reach the author.
    case losesPlaced
    /// A client's write returns before it is on disk.
    case returnsBeforeCommit
}
