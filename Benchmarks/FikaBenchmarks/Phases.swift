import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB

/// Processor seconds of the parts of applying, each measured by itself over the whole load.
struct Phases {
    private(set) var decode = 0.0
    private(set) var hash = 0.0
    private(set) var seals = 0.0
    private(set) var log = 0.0
    private var sealCount = 0
    private var checkedCount = 0

    private var cards: [ReplicaID: Card] = [:]
    /// By replica: the latest seal that was checked.
    private var held: [ReplicaID: HeldSeal] = [:]

    init(_ received: [[UInt8]]) throws {
        let test = try TestStore(user: "user01", seed: 1)
        for batch in received.chunks(of: ApplyBenchmark.segmentsInBatch) {
            let verified = try batch.map { try verify($0) }
            log += try Measure.processorSeconds {
                try test.store.write(durability: .normal) { writer, db in
                    var log = writer.log(db)
                    for segment in verified { _ = try log.append(segment) }
                }
            }
        }
    }

    /// How many of the seals that came had to be checked.
    var sealShare: Double { Double(checkedCount) / Double(max(sealCount, 1)) }

    /// What the whole takes beside the parts.
    func rest(of whole: Times) -> Double {
        whole.processor - decode - hash - seals - log
    }

    private mutating func verify(_ bytes: [UInt8]) throws -> VerifiedSegment {
        let (sealed, decoding) = try Measure.value { try SealedSegment(bytes: bytes) }
        var claims: [SealClaim] = []
        let (verified, hashing) = try Measure.value {
            try SegmentVerifier.verify(
                sealed, known: { cards[$0] }, holds: { held[$0] == $1 },
                check: {
                    claims = $0
                    return nil
                })
        }
        let (valid, checking) = Measure.value { claims.count { $0.isValid } }
        precondition(valid == claims.count, "the load is sealed")
        decode += decoding
        hash += hashing
        seals += checking
        sealCount += sealed.proofs.reduce(0) { $0 + $1.seals.count }
        checkedCount += claims.count
        for card in verified.newCards { cards[card.replica] = card }
        for run in verified.runs { held[run.replica] = run.seals.last }
        return verified
    }
}
