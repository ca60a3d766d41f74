import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// Generated histories can reach a store by the way that real ops take.
@Suite struct ReferenceSegmentTests {
    @Test func `a verifiable history passes the log's checks, delivery by delivery`() {
        forAll(seed: 1, count: 25) { generator in
            let history = HistoryGenerator.history(seed: generator.next(), isVerifiable: true)
            try check(history, deliveries: history.deliveries(seed: generator.next()))
        }
    }

    @Test func `the golden scenarios pass the log's checks`() throws {
        for scenario in GoldenScenarios.all(seed: 7) {
            try check(scenario.history, deliveries: scenario.history.deliveries(seed: 7))
        }
    }

    private func check(_ history: History, deliveries: [Delivery]) throws {
        var log = MemoryLog()
        for delivery in deliveries {
            for sealed in history.segments(of: delivery.ops) {
                let id = sealed.segment.log
                let verified = try SegmentVerifier.verify(sealed) { log.card(of: $0, in: id) }
                _ = try log.append(verified)
            }
        }
        for held in history.ops + history.personal {
            let dot = held.op.id.dot
            let kept = log.ops(of: dot.replica, in: held.op.id.log, seqs: dot.seq...dot.seq)
            #expect(kept == [held.op])
        }
    }
}
