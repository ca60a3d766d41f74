/// One check of ``SyncHolderContract``.
package enum SyncHolderCheck: String, CaseIterable, Sendable {
    case cursorStopsAtGaps
    case placementsComeInAnyOrder
    case repeatedChangesNothing
    case badSegmentsStoreNothing
    case otherOrderIsTaken
    case headsJoin
    case sameEpochKeepsCursors
    case anotherEpochVoidsCursors
    case greetingWritesNothing
    case havesAndSegments
    case acceptedIsNotPending
    case endIsToldWhole
    case endedOrderIsLetGo
    case overStaysAsItIs
    case overBeginsAgain
}
