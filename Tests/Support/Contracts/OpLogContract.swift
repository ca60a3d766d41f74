import FikaCRDT
package import FikaLog
import Testing

/// What every ``OpLog`` must do, whatever it is kept in.
///
/// Each check starts from an empty log of its own.
package struct OpLogContract<Log: OpLog> {
    let make: () throws -> Log
    /// The refusal in an error that the log throws; nil for an error of another sort.
    let refusal: (any Error) -> LogError?

    package init(
        refusal: @escaping (any Error) -> LogError? = { $0 as? LogError },
        make: @escaping () throws -> Log
    ) {
        self.make = make
        self.refusal = refusal
    }

    package func run(_ check: OpLogCheck) throws {
        switch check {
        case .emptyHoldsNothing: try checkEmptyHoldsNothing()
        case .appendIsIdempotent: try checkAppendIsIdempotent()
        case .overlapsAddWhatIsMissing: try checkOverlapsAddWhatIsMissing()
        case .rangesAreAsked: try checkRangesAreAsked()
        case .logsAreApart: try checkLogsAreApart()
        case .tailsShorten: try checkTailsShorten()
        case .unknownKindsAreKept: try checkUnknownKindsAreKept()
        case .forksAreRefusedWhole: try checkForksAreRefusedWhole()
        case .forkedTailsAreRefused: try checkForkedTailsAreRefused()
        case .forkedIntroductionsAreRefused: try checkForkedIntroductionsAreRefused()
        case .strangersAreRefused: try checkStrangersAreRefused()
        case .eraseKeepsHash: try checkEraseKeepsHash()
        case .eraseRefusals: try checkEraseRefusals()
        case .erasedStaysErased: try checkErasedStaysErased()
        case .exportGivesEqualDump: try checkExportGivesEqualDump()
        case .exportOfLongRange: try checkExportOfLongRange()
        case .exportKeepsLimits: try checkExportKeepsLimits()
        case .exportOfBigBodies: try checkExportOfBigBodies()
        case .importsStandAlone: try checkImportsStandAlone()
        case .rangesJoin: try checkRangesJoin()
        case .rangesKeepLimits: try checkRangesKeepLimits()
        case .wovenRangesAreFew: try checkWovenRangesAreFew()
        case .randomHistories: try checkRandomHistories()
        }
    }

    /// Verifies a segment with the cards that the log holds, over its bytes, and appends it.
    @discardableResult
    func append(_ sealed: SealedSegment, to log: inout Log) throws -> AppendReport {
        let received = try SealedSegment(bytes: sealed.bytes)
        let segment = received.segment
        var cards: [ReplicaID: Card] = [:]
        for replica in segment.replicas {
            cards[replica] = try log.card(of: replica, in: segment.log)
        }
        let verified = try SegmentVerifier.verify(received, known: { cards[$0] })
        return try log.append(verified)
    }

    /// Expects that an append is refused with the error, and that the log is as it was.
    func expectRefusal(
        _ error: LogError, of verified: VerifiedSegment, by log: inout Log,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try LogDump(of: log)
        do {
            let report = try log.append(verified)
            Issue.record("\(report) instead of \(error)", sourceLocation: sourceLocation)
        } catch let thrown {
            #expect(refusal(thrown) == error, "\(thrown)", sourceLocation: sourceLocation)
        }
        #expect(try LogDump(of: log) == before, sourceLocation: sourceLocation)
    }

    func replica(_ seed: UInt64 = 7, in log: UInt64 = 1, upTo last: UInt64) -> TestReplica {
        var replica = TestReplica(seed: seed, log: logNumbered(log))
        replica.write(upTo: last)
        return replica
    }
}

/// The checks of ``OpLogContract``, to be the arguments of one test.
package enum OpLogCheck: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case emptyHoldsNothing = "an empty log holds nothing"
    case appendIsIdempotent = "a segment appended twice is held once"
    case overlapsAddWhatIsMissing = "of an overlapping range only what is missing is added"
    case rangesAreAsked = "ops and seals are given for the range that is asked for"
    case logsAreApart = "logs and replicas are kept apart"
    case tailsShorten = "S2: a nearer seal replaces a tail"
    case unknownKindsAreKept = "O1: an op of an unknown kind is kept and handed on as it is"
    case forksAreRefusedWhole = "a fork is refused, and nothing of its segment is taken"
    case forkedTailsAreRefused = "a tail or seal that contradicts what is held is a fork"
    case forkedIntroductionsAreRefused = "O4: two introductions of one replica are a fork"
    case strangersAreRefused = "O4: ops of a replica that this log does not know are refused"
    case eraseKeepsHash = "E2: an erased op keeps its hash and its residue, and still verifies"
    case eraseRefusals = "E1: what is not held, or is an introduction, is not erased"
    case erasedStaysErased = "E1: what was erased does not come back with a copy"
    case exportGivesEqualDump = "an export that is imported gives the same log"
    case exportOfLongRange = "an export of a long range hands out each op once"
    case exportKeepsLimits = "an export of many replicas and ops is cut at the limits"
    case exportOfBigBodies = "an export of bodies at the limit is cut at the limits"
    case importsStandAlone = "O6: ops of an import share a segment with no others"
    case rangesJoin = "S2: any ranges that are handed out verify and join"
    case rangesKeepLimits = "ranges are cut at the limits, and what is not held is skipped"
    case wovenRangesAreFew = "ranges that lie across each other share a segment"
    case randomHistories = "any order of any ranges gives what a plain model holds"

    package var testDescription: String { rawValue }
}

/// Runs all checks of the contract, one after the other.
package func checkOpLogContract(make: @escaping () throws -> some OpLog) throws {
    let contract = OpLogContract(make: make)
    for check in OpLogCheck.allCases { try contract.run(check) }
}
