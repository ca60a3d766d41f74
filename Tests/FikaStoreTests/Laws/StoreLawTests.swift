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
            var positions = delivery.acceptances.map { ($0.id, $0.position) }
            for op in delivery.ops {
                if let position = op.position { positions.append((op.op.id, position)) }
            }
            for (id, position) in positions { held[id]?.position = position }
            try test.accept(positions)
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

        func digest() throws -> Digest {
            try test.store.read { try ViewQueries($0).digest(of: history.log) }
        }
    }

    /// Expects that a store shows what the model does of the same ops.
    private func expectSame(_ listener: Listener, _ comment: String) throws {
        let model = ReferenceModel.result(of: listener.input)
        let differences = try Shown(listener.history.log, in: listener.test)
            .differences(from: Shown(model))
        #expect(differences == [], "\(comment): \(differences.joined(separator: "\n"))")
    }

    @Test func `M25: stores that heard the same in other orders show the same as the model`() throws
    {
        forAll(seed: 1, count: 60) { generator in
            let seed = generator.next()
            let history = HistoryGenerator.history(seed: seed, isVerifiable: true)
            var digests: Set<Digest> = []
            for number in 1...2 as ClosedRange<UInt64> {
                let listener = try Listener(history, seed: number)
                let deliveries = history.deliveries(seed: seed &+ number)
                for delivery in deliveries {
                    try listener.hear(delivery)
                    if generator.oneIn(12) {
                        try expectSame(listener, "on the way")
                    }
                }
                try expectSame(listener, "at the end")
                digests.insert(try listener.digest())
                try expectErased(listener)
                let report = try listener.test.store.verify()
                #expect(report.isGood, "\(report.problems)")
                try listener.rebuild()
                try expectSame(listener, "rebuilt")
            }
            #expect(digests.count == 1)
        }
    }

    /// Rule E1: what accepted deletes condemn is destroyed, and nothing else is.
    private func expectErased(_ listener: Listener) throws {
        let history = listener.history
        let expected = ReferenceModel.erased(listener.input).map(\.op)
        let held = try listener.ops(of: history.log)
        #expect(held.count == expected.count)
        for op in expected { #expect(held[op.id] == op, "\(op.id)") }
    }

    @Test func `a store that was opened again, and a copy of it, go on alike`() throws {
        forAll(seed: 100, count: 8) { generator in
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
