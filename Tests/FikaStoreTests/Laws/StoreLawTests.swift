import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Random histories in real stores, as sealed segments, in any batches and orders.
@Suite struct StoreLawTests {
    /// A store that hears a history bit by bit.
    private final class Listener {
        let test: TestStore
        let history: History
        private var held: [OpID: HeldOp] = [:]
        private var told: [LogID: [UInt64: OpID]] = [:]
        private var accepted: [LogID: UInt64] = [:]

        init(_ history: History, seed: UInt64) throws {
            test = try TestStore(user: history.viewer.text, seed: seed)
            self.history = history
            try test.store.trust(history.trustedRelays)
        }

        func hear(_ delivery: Delivery) throws {
            for segment in history.segments(of: delivery.ops) {
                try test.store.write(durability: .normal) { writer, db in
                    _ = try writer.apply(try SealedSegment(bytes: segment.bytes), db)
                }
                for op in segment.segment.ops { held[op.id] = HeldOp(op: op, position: nil) }
            }
            for op in delivery.ops {
                guard let position = op.position else { continue }
                told[op.op.id.log, default: [:]][position] = op.op.id
            }
            for news in delivery.acceptances {
                told[news.id.log, default: [:]][news.position] = news.id
            }
            for log in [history.log, history.personalLog] { try accept(log) }
        }

        /// Takes positions in their order, as they come from a relay: an accepted delete destroys,
        /// so what was accepted before it has to be known.
        private func accept(_ log: LogID) throws {
            var news: [(id: OpID, position: UInt64)] = []
            while let id = told[log]?[accepted[log, default: 0] + 1] {
                accepted[log, default: 0] += 1
                let position = accepted[log, default: 0]
                held[id]?.position = position
                news.append((id, position))
            }
            try test.accept(news)
        }

        var input: ModelInput {
            history.input(of: held.values.sorted { $0.op.id.dot < $1.op.id.dot })
        }

        func rebuild() throws {
            try test.store.write { writer, db in try writer.views.rebuildAll(db) }
        }

        /// What each op of a log is in the store.
        func ops(of log: LogID) throws -> [OpID: Op] {
            var ops: [OpID: Op] = [:]
            try test.store.read { db in
                try LogInspector(db).forEachOp(of: log) { op in
                    ops[op.op.id] = op.op
                    return true
                }
            }
            return ops
        }

        /// The same with the bodies that the store has destroyed gone.
        func inputAsHeld() throws -> ModelInput {
            let ops = try ops(of: history.log)
            var input = input
            for index in input.ops.indices {
                let op = input.ops[index].op
                input.ops[index].op = ops[op.id] ?? op
            }
            return input
        }

        func problems() throws -> [StoreProblem] {
            try test.store.read { db in
                var report = VerifyReport()
                for log in try LogInspector(db).logIDs() {
                    try LogAudit.run(log, db, into: &report, progress: { _ in })
                }
                return report.problems
            }
        }

        func digest() throws -> Digest {
            try test.store.read { try ViewQueries($0).digest(of: history.log) }
        }
    }

    /// Expects that a store shows what the model does of the same ops.
    private func expectSame(_ listener: Listener, _ comment: String) throws {
        let model = ReferenceModel.result(of: try listener.inputAsHeld())
        let differences = try Shown(listener.history.log, in: listener.test)
            .differences(from: Shown(model))
        #expect(differences == [], "\(comment): \(differences.joined(separator: "\n"))")
    }

    @Test
    func `M25 E1: stores that heard the same in other orders show and keep the same as the model`()
        throws
    {
        for seed in Seeds(1, count: 60) { try expectLaw(seed) }
    }

    private func expectLaw(_ caseSeed: UInt64) throws {
        var generator = SplitMix64(seed: caseSeed)
        let seed = generator.next()
        let history = HistoryGenerator.history(seed: seed, isVerifiable: true)
        var digests: Set<Digest> = []
        for number in 1...2 as ClosedRange<UInt64> {
            let listener = try Listener(history, seed: number)
            for delivery in history.deliveries(seed: seed &+ number) {
                try listener.hear(delivery)
                if generator.oneIn(12) { try expectSame(listener, "seed \(caseSeed), on the way") }
            }
            try expectSame(listener, "seed \(caseSeed), at the end")
            digests.insert(try listener.digest())
            try expectErased(listener)
            #expect(try listener.problems() == [], "seed \(caseSeed)")
            if number == 2, caseSeed.isMultiple(of: 4) {
                #expect(try listener.test.store.verify().problems == [], "seed \(caseSeed)")
            }
            try listener.rebuild()
            try expectSame(listener, "seed \(caseSeed), rebuilt")
        }
        #expect(digests.count == 1, "seed \(caseSeed)")
    }

    /// Rule E1: what accepted deletes condemn is destroyed, and nothing else is.
    private func expectErased(_ listener: Listener) throws {
        let history = listener.history
        // What was done to a copy while its original was unknown is not taken back.
        let exactly = !history.ops.contains { $0.op.origin != nil }
        let expected = ReferenceModel.erased(listener.input).map(\.op)
        let held = try listener.ops(of: history.log)
        #expect(held.count == expected.count)
        for op in expected where exactly || op.body == nil {
            #expect(held[op.id] == op, "\(op.id)")
        }
    }

    @Test func `a store that was opened again, and a copy of it, go on alike`() throws {
        forAll(seed: 48, count: 12) { generator in
            let seed = generator.next()
            let history = HistoryGenerator.history(seed: seed, isVerifiable: true)
            let listener = try Listener(history, seed: 1)
            let deliveries = history.deliveries(seed: seed)
            for (index, delivery) in deliveries.enumerated() {
                try listener.hear(delivery)
                guard index.isMultiple(of: 7) else { continue }
                try listener.test.reopen()
                try expectSame(listener, "opened again")
            }
            try expectSame(listener, "at the end")
            let copy = try listener.test.copied(seed: 9)
            let shown = try Shown(history.log, in: copy)
            #expect(try shown.differences(from: Shown(history.log, in: listener.test)) == [])
        }
    }

    @Test func `the golden scenarios hold in a real store`() throws {
        for scenario in GoldenScenarios.all(seed: 1) {
            let listener = try Listener(scenario.history, seed: 1)
            let deliveries = scenario.history.deliveries(seed: 1)
            for delivery in deliveries { try listener.hear(delivery) }
            try expectSame(listener, scenario.name)
        }
    }
}
