/// A mistake that can be planted in the real parts, to see that the simulator finds it.
///
/// Sites ask ``isPlanted``, which is false, and nothing of a site is left, in any build but one
/// with the define `FIKA_PLANTS`. `fika simulate --plants` plants each in turn; the list with what
/// finds each is in `Specs/faults.md`.
package enum PlantedBug: String, CaseIterable, Sendable {
    // MARK: Disks

    /// The relay tells of a commit that is not on disk yet.
    case forwardsBeforeCommit
    /// The relay's database acknowledges what was not synced.
    case acksBeforeSync
    /// A client's write returns before it is on disk.
    case returnsBeforeCommit
    /// A client's database returns from a write that was not synced.
    case returnsBeforeSync
    /// A client's cursor outlives a crash, the ops below it do not.
    case keepsCursorAlone
    /// A store that was put back goes on as the replicas that it was.
    case reusesSeqs
    /// Whoever becomes a new replica, a store or its clone, draws what was drawn before.
    case drawsReplicasAlike
    /// A relay that was put back takes its old copy for all that there was.
    case relayTrustsOldCopies

    // MARK: The relay's order

    /// The relay gives a position that it gave before.
    case givesPositionTwice
    /// A relay that lost its disk numbers from 1 again, whatever heads it is shown.
    case numbersFromOneAgain
    /// The relay signs a head over a position that it has not given.
    case signsAhead
    /// The relay begins a new epoch where a client brings no head.
    case believesBadCursors
    /// Acknowledgements never reach the author.
    case losesAcknowledgements
    /// The relay ends a catch-up one position before the log's end.
    case laneSkipsLastOp
    /// A connection without credit is never sent what it missed.
    case forgetsWhoFellBehind
    /// The page of the newest ops is another than that by stamps.
    case pagesByArrival

    // MARK: The door

    /// Live ops go on to those who were removed.
    case tellsRemovedMembers
    /// A removed member's replicas stay open, and what they say is accepted.
    case admitsRemovedMembers
    /// The relay forgets closes when it starts again.
    case forgetsCloses
    /// Stamps of any time are accepted.
    case acceptsAnyTime
    /// Once a stamp lies ahead of the relay's clock, nothing is accepted after it.
    case shutsAfterJump
    /// Everybody's messages can be deleted by everybody.
    case letsAnybodyDelete
    /// Seals are not verified.
    case believesAnySeal

    // MARK: Sessions and clients

    /// Ops are sent without credit.
    case ignoresCredit
    /// A connection on which nothing comes any more is kept for ever.
    case trustsSilence
    /// After one refusal nothing of the log goes up any more.
    case refusalBlocksLog
    /// Of what is said again after a close the last op is left out.
    case losesRefusedText
    /// What was sealed is stamped and sealed a second time.
    case restampsSealed
    /// Stamps do not rise above what a log holds.
    case ignoresOthersTimes
    /// Two branches of a replica that end at one seq pass for the same.
    case overlooksForks

    // MARK: Merging and erasing

    /// Of two writes of one time the one that came last stands.
    case breaksTiesByArrival
    /// Two answers to one message become one.
    case foldsTwoMessages
    /// A read mark covers what was not there when it was made.
    case readsWhatIsLate
    /// An unpin ends pins that its author had not seen.
    case unpinsTheUnseen
    /// In a poll with one choice all of a user's votes count.
    case countsVotesTwice
    /// Anybody may say that an op of somebody else is said again.
    case believesForgedOrigins
    /// What lies beyond a close is shown.
    case showsBeyondCloses
    /// A body is destroyed though the delete is not accepted.
    case erasesPendingDeletes
    /// A deleted message's edits keep their text.
    case keepsEditsOfDeleted
    /// What clients bring to a relay that lost its disk is not erased again.
    case resurrectsErased
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
