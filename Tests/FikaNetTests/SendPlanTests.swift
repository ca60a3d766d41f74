import FikaSimulation
import FikaNet
import FikaTestSupport
import Testing

@Suite struct SendPlanTests {
    private func id(_ raw: UInt64) -> ConnectionID { ConnectionID(raw: raw) }

    @Test func `what goes to the same connections is one write`() {
        let all = [id(1), id(2), id(3)]
        let plan = SendPlan([
            .send([1], to: all), .send([9], to: [id(4)]), .send([2], to: all),
            .send([8], to: [id(4)]), .send([3], to: all),
        ])
        #expect(plan.steps == [.send([1, 2, 3], to: all), .send([9, 8], to: [id(4)])])
    }

    @Test func `a connection's bytes keep their order when others are told between`() {
        let plan = SendPlan([
            .send([1], to: [id(1), id(2)]), .send([2], to: [id(2)]),
            .send([3], to: [id(1), id(2)]),
        ])
        #expect(
            plan.steps == [
                .send([1], to: [id(1), id(2)]), .send([2], to: [id(2)]),
                .send([3], to: [id(1), id(2)]),
            ])
    }

    @Test func `nothing is sent after a close, or before an admission that came first`() {
        let plan = SendPlan([
            .send([1], to: [id(1)]), .admit(id(1)), .send([2], to: [id(1)]), .close(id(1)),
            .send([3], to: [id(1)]), .send([4], to: []),
        ])
        #expect(
            plan.steps == [
                .send([1], to: [id(1)]), .admit(id(1)), .send([2], to: [id(1)]), .close(id(1)),
                .send([3], to: [id(1)]),
            ])
    }

    @Test func `whatever is asked for, each connection gets its own bytes in order`() {
        forAll { generator in
            var actions: [ListenerAction] = []
            for number in 0..<UInt8.random(in: 1...60, using: &generator) {
                let some = (1...4 as ClosedRange<UInt64>).filter { _ in
                    Bool.random(using: &generator)
                }
                actions.append(.send([number], to: some.map(id)))
            }
            var expected: [ConnectionID: [UInt8]] = [:]
            for case .send(let bytes, let ids) in actions {
                for id in ids { expected[id, default: []] += bytes }
            }
            var planned: [ConnectionID: [UInt8]] = [:]
            for case .send(let bytes, let ids) in SendPlan(actions).steps {
                for id in ids { planned[id, default: []] += bytes }
            }
            #expect(planned == expected)
        }
    }
}
