package import FikaCRDT

extension PlantedBug {
    /// Whether it is in the store of a client or relay, which only worlds on disks have.
    package var isOfStores: Bool {
        switch self {
        case .acksBeforeSync, .returnsBeforeSync, .reusesSeqs, .pagesByArrival,
            .breaksTiesByArrival, .foldsTwoMessages, .readsWhatIsLate, .unpinsTheUnseen,
            .countsVotesTwice, .believesForgedOrigins, .showsBeyondCloses, .erasesPendingDeletes:
            true
        case .forwardsBeforeCommit, .returnsBeforeCommit, .keepsCursorAlone,
            .drawsReplicasAlike, .relayTrustsOldCopies, .givesPositionTwice, .numbersFromOneAgain,
            .signsAhead, .believesBadCursors, .losesAcknowledgements, .laneSkipsLastOp,
            .forgetsWhoFellBehind, .tellsRemovedMembers, .admitsRemovedMembers, .forgetsCloses,
            .acceptsAnyTime, .shutsAfterJump, .letsAnybodyDelete, .believesAnySeal,
            .ignoresCredit, .trustsSilence, .refusalBlocksLog, .losesRefusedText,
            .restampsSealed, .ignoresOthersTimes, .overlooksForks, .keepsEditsOfDeleted,
            .resurrectsErased:
            false
        }
    }

    /// The world of a seed in which the bug is looked for: one as any other, but where it takes
    /// faults that few worlds have together.
    package func plan(seed: UInt64, isLong: Bool) -> WorldPlan {
        var plan = WorldPlan.drawn(seed: seed, isOnDisks: isOfStores, isLong: isLong)
        if self == .overlooksForks {
            plan.restoresUnnoticed = true
            plan.faults.formUnion([.restore, .wipe, .meet])
            plan.faults.subtract([.oldCopy, .clone, .tamper])
        }
        plan.leavesUnread = self == .readsWhatIsLate
        return plan
    }
}
