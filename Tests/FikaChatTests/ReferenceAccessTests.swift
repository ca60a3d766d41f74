import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// The access fold against the model's naive one.
@Suite struct ReferenceAccessTests {
    @Test func `F1 to F8: the fold gives the model's members and verdicts in any order`() {
        var compared = 0
        forAll(seed: 1, count: 150) { generator in
            let history = HistoryGenerator.history(seed: generator.next())
            let deliveries = history.deliveries(seed: generator.next())
            for part in 1...3 {
                let some = deliveries.prefix(deliveries.count * part / 3)
                let input = history.input(after: some)
                let result = ReferenceModel.result(of: input)
                let facts = Facts(input)
                var fold = facts.fold.history(of: [])
                var ops = facts.accessOps
                ops.shuffle(using: &generator)
                for op in ops { fold.insert(op) }
                #expect(fold.members == result.state.members)
                #expect(fold.kind == result.state.kind)
                for op in ops {
                    let outcome = result.outcomes[op.dot]
                    #expect(facts.outcome(fold.verdict(of: op.dot), op) == outcome, "\(op)")
                }
                let ineffective = ops.map(\.dot).filter { dot in
                    if case .withoutEffect = fold.verdict(of: dot) { return true }
                    return false
                }
                #expect(Set(ineffective) == result.ineffective)
                compared += ops.count
            }
        }
        #expect(compared > 2000)
    }

    /// What the fold is given: which access ops there are, by whom, at which points.
    private struct Facts {
        let fold: AccessFold
        let accessOps: [AccessOp]
        private let held: [Dot: HeldOp]

        init(_ input: ModelInput) {
            var held: [Dot: HeldOp] = [:]
            for op in input.ops { held[op.op.id.dot] = op }
            self.held = held
            let introductions = Self.introductions(held, in: input.log)
            fold = AccessFold(
                log: input.log,
                preimage: introductions.values.compactMap(\.preimage).first {
                    Hashes.derivedLogID($0) == input.log
                },
                trustedRelays: input.trustedRelays)
            accessOps = input.ops.compactMap { one in
                guard ChatKind(one.op.kind)?.flags.contains(.access) == true,
                    let content = try? ChatOp.decode(one.op),
                    let introduction = introductions[one.op.id.dot.replica]
                else { return nil }
                let point: AccessPoint =
                    one.position.map { .accepted($0) } ?? .pending(one.op.stamp)
                return AccessOp(
                    point: point, dot: one.op.id.dot, author: AccessAuthor(introduction),
                    content: content, closesOtherBranch: Self.isOfOtherBranch(content, held))
            }
        }

        /// A verdict in the model's words.
        func outcome(_ verdict: AccessVerdict?, _ op: AccessOp) -> ModelOutcome? {
            switch verdict {
            case .counted, .withoutEffect: return .counts
            case .ignored(.beyondClose): return .setAside
            case .ignored: return .ignored
            case .waiting:
                // The fold knows access ops alone; that something else is held it cannot tell.
                return op.content.target.flatMap { held[$0] } == nil ? .waiting : .ignored
            case nil: return nil
            }
        }

        private static func introductions(
            _ held: [Dot: HeldOp], in log: LogID
        ) -> [ReplicaID: Introduction] {
            var introductions: [ReplicaID: Introduction] = [:]
            for (dot, one) in held where dot.seq == 1 && one.op.kind == .introduction {
                guard let body = one.op.body, let shown = try? Introduction(body: body),
                    shown.replica == dot.replica
                else { continue }
                introductions[dot.replica] = shown
            }
            return introductions
        }

        private static func isOfOtherBranch(_ content: ChatOp, _ held: [Dot: HeldOp]) -> Bool {
            guard case .close(let close) = content, let log = held.values.first?.op.id.log else {
                return false
            }
            var chain = Hashes.chainStart(log: log, replica: close.replica)
            var seq: UInt64 = 0
            while seq < close.seq {
                seq += 1
                guard let op = held[Dot(replica: close.replica, seq: seq)]?.op else {
                    return false
                }
                chain = Hashes.chain(after: chain, opHash: op.hash)
            }
            return chain != close.chain
        }
    }
}
