import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// The fold depends on the set of ops alone.
@Suite struct AccessOrderTests {
    @Test func `any order of arrival of seven ops gives the same result`() {
        var script = AccessScript.room()
        let bo = script.accept(.ann, grant("bo"))
        script.accept(.bo, grant("eva"))
        script.accept(.ann, .revoke(bo))
        let leave = script.pend(.eva, at: 5, .leave)
        script.pend(.ann, at: 6, grant("eva", after: leave))
        script.pend(.bo, at: 7, grant("omid"))
        let expected = summary(script.history)
        #expect(script.history.names == ["ann*", "eva"])
        var count = 0
        permute(script.ops) { order in
            var history = script.fold.history(of: [])
            for op in order { history.insert(op) }
            count += 1
            guard summary(history) != expected else { return }
            Issue.record("another result for \(order.map(\.dot))")
        }
        #expect(count == 5040)
    }

    @Test func `A2: an acceptance moves an op and the fold is run anew`() {
        var script = AccessScript.room()
        script.accept(.ann, grant("bo"))
        let provisional = script.pend(.bo, at: 5, grant("eva"))
        var history = script.history
        #expect(history.names == ["ann*", "bo", "eva"])
        history.insert(
            AccessOp(
                point: .accepted(4), dot: provisional, author: Writer.bo.author,
                content: grant("eva")))
        let added = Dot(replica: Writer.ann.replica, seq: 3)
        history.insert(
            AccessOp(
                point: .accepted(3), dot: Dot(replica: Writer.ann.replica, seq: 4),
                author: Writer.ann.author, content: .revoke(added)))
        #expect(history.names == ["ann*"])
        #expect(history.verdict(of: provisional) == .ignored(.notMember))
    }

    private func permute(_ ops: [AccessOp], _ body: ([AccessOp]) -> Void) {
        var ops = ops
        func step(_ count: Int) {
            guard count > 1 else { return body(ops) }
            for index in 0..<count {
                step(count - 1)
                ops.swapAt(count.isMultiple(of: 2) ? index : 0, count - 1)
            }
        }
        step(ops.count)
    }

    private func summary(_ history: AccessHistory) -> [String] {
        history.names
            + history.ops.map { "\($0.dot) \(String(describing: history.verdict(of: $0.dot)))" }
    }
}
