package import FikaCRDT

extension PlantedBug {
    /// Whether it is in the store of a client or relay, or takes one: only worlds on disks have it.
    package var isOfStores: Bool {
        switch self {
        case .acksBeforeSync, .returnsBeforeSync, .reusesSeqs, .pagesByArrival,
            .overlooksForks, .breaksTiesByArrival, .foldsTwoMessages, .readsWhatIsLate,
            .unpinsTheUnseen, .countsVotesTwice, .believesForgedOrigins, .showsBeyondCloses,
            .erasesPendingDeletes:
            true
        case .forwardsBeforeCommit, .returnsBeforeCommit, .keepsCursorAlone,
            .drawsReplicasAlike, .relayTrustsOldCopies, .givesPositionTwice, .numbersFromOneAgain,
            .signsAhead, .believesBadCursors, .losesAcknowledgements, .laneSkipsLastOp,
            .forgetsWhoFellBehind, .tellsRemovedMembers, .admitsRemovedMembers, .forgetsCloses,
            .acceptsAnyTime, .shutsAfterJump, .letsAnybodyDelete, .believesAnySeal,
            .ignoresCredit, .trustsSilence, .refusalBlocksLog, .losesRefusedText,
            .restampsSealed, .ignoresOthersTimes, .keepsEditsOfDeleted, .resurrectsErased:
            false
        }
    }

    /// The world of a seed in which the bug is looked for: one as any other, but where it takes
    /// faults that few worlds have together.
    package func plan(seed: UInt64, isLong: Bool) -> WorldPlan {
        var plan = WorldPlan.drawn(seed: seed, isOnDisks: isOfStores, isLong: isLong)
        if self == .overlooksForks { plan.forkReplicas() }
        plan.leavesUnread = self == .readsWhatIsLate
        return plan
    }
}

extension WorldPlan {
    /// Lets devices that were put back write as many ops offline as the relay has of the same
    /// replica, and the relay lose its log before it sees them.
    fileprivate mutating func forkReplicas() {
        restoresUnnoticed = true
        faults = [.restore, .wipe]
        diskFaults = []
        for index in devices.indices { devices[index].offlineShare = 800 }
        actCount = 100
        pauses = 0...300
        faultPauses = 100...1000
    }
}
