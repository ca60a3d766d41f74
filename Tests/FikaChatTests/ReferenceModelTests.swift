import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// The model that judges the views must itself be a function of a set.
@Suite struct ReferenceModelTests {
    @Test func `every order of arrival gives the model the same result`() {
        forAll(seed: 1, count: 60) { generator in
            let history = HistoryGenerator.history(seed: generator.next())
            let expected = ReferenceModel.result(of: history.input)
            for _ in 0..<2 {
                var input = history.input
                input.ops.shuffle(using: &generator)
                input.personal.shuffle(using: &generator)
                input.ops += input.ops.prefix(5)
                #expect(ReferenceModel.result(of: input) == expected)
            }
            let deliveries = history.deliveries(seed: generator.next())
            #expect(ReferenceModel.result(of: history.input(after: deliveries)) == expected)
        }
    }

    @Test func `E1: what is shown is the same before and after bodies were destroyed`() {
        var erasures = 0
        forAll(seed: 1000, count: 100) { generator in
            let history = HistoryGenerator.history(seed: generator.next())
            var input = history.input
            let before = ReferenceModel.result(of: input)
            input.ops = ReferenceModel.erased(input)
            erasures += input.ops.filter { $0.op.body == nil }.count
            let after = ReferenceModel.result(of: input)
            #expect(before.state == after.state)
            #expect(before.unread == after.unread)
            #expect(before.lateAbove == after.lateAbove)
        }
        #expect(erasures > 100)
    }

    @Test func `a seed always gives the same history and the same deliveries`() {
        forAll(seed: 1, count: 20) { generator in
            let seed = generator.next()
            let one = HistoryGenerator.history(seed: seed)
            let two = HistoryGenerator.history(seed: seed)
            #expect(one.ops == two.ops)
            #expect(one.personal == two.personal)
            #expect(one.deliveries(seed: seed) == two.deliveries(seed: seed))
        }
    }

    @Test func `deliveries leave no gap within a replica and bring everything`() {
        forAll(seed: 1, count: 40) { generator in
            let history = HistoryGenerator.history(seed: generator.next())
            var next: [OpID: UInt64] = [:]
            for delivery in history.deliveries(seed: generator.next()) {
                for held in delivery.ops {
                    let dot = held.op.id.dot
                    let key = OpID(log: held.op.id.log, replica: dot.replica, seq: 1)
                    #expect(dot.seq == next[key, default: 1])
                    next[key] = dot.seq + 1
                }
            }
            let count = next.values.reduce(0) { $0 + Int($1) - 1 }
            #expect(count == history.ops.count + history.personal.count)
        }
    }

    @Test func `positions rise along each replica`() {
        forAll(seed: 1, count: 40) { generator in
            let history = HistoryGenerator.history(seed: generator.next())
            let replicas = Dictionary(grouping: history.ops, by: \.op.id.dot.replica)
            for ops in replicas.values {
                let sorted = ops.sorted { $0.op.id.dot.seq < $1.op.id.dot.seq }
                let positions = sorted.map { $0.position ?? .max }
                #expect(positions == positions.sorted())
            }
        }
    }
}
