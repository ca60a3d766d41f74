import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB

/// Seconds of the parts of applying, each run by itself over the whole load.
struct Phases {
    var decode = 0.0
    var hash = 0.0
    var seals = 0.0
    var log = 0.0

    init(_ received: [[UInt8]]) throws {
        let test = try TestStore(user: "user01", seed: 1)
        var cards: [ReplicaID: Card] = [:]
        for bytes in received {
            var sealed: SealedSegment?
            decode += try Measure.seconds { sealed = try SealedSegment(bytes: bytes) }
            guard let sealed else { continue }
            var verified: VerifiedSegment?
            var claims: [SealClaim] = []
            hash += try Measure.seconds {
                verified = try SegmentVerifier.verify(
                    sealed, known: { cards[$0] },
                    check: {
                        claims = $0
                        return nil
                    })
            }
            guard let verified else { continue }
            for card in verified.newCards { cards[card.replica] = card }
            var valid = 0
            seals += Measure.seconds { valid = claims.count { $0.isValid } }
            precondition(valid == claims.count, "the load is sealed")
            log += try Measure.seconds {
                try test.store.write(durability: .normal) { writer, db in
                    var log = writer.log(db)
                    _ = try log.append(verified)
                }
            }
        }
    }
}
