import FikaSimulation
import FikaCRDT
import FikaTestSupport
import Testing

/// A step in the life of three replicas that write, talk and lose touch.
enum Step: CustomStringConvertible {
    /// A replica makes an op out of what it knows; the choice says which.
    case write(replica: Int, choice: UInt64)
    /// One op that the source has, not always the oldest, reaches the target.
    case deliver(source: Int, target: Int, choice: UInt64)
    /// The target joins the source's whole state into its own.
    case merge(source: Int, target: Int)

    static func list(_ generator: inout SplitMix64) -> [Step] {
        generator.array(count: 1...40) { generator in
            let (source, target) = (generator.number(in: 0..<3), generator.number(in: 0..<3))
            return switch generator.number(in: 0..<6) {
            case 0...2: .write(replica: source, choice: generator.next())
            case 3, 4: .deliver(source: source, target: target, choice: generator.next())
            default: .merge(source: source, target: target)
            }
        }
    }

    var description: String {
        switch self {
        case .write(let replica, let choice): "\(replica) writes \(choice)"
        case .deliver(let source, let target, let choice): "\(source) → \(target): op \(choice)"
        case .merge(let source, let target): "\(target) merges \(source)"
        }
    }
}

/// How a replicated type is driven by ops, and what it must show according to a naive model.
struct History<State: Mergeable, Op, View: Equatable> {
    var empty: State
    /// Makes the op that a replica writes, knowing its own state.
    var make: (inout SplitMix64, State, Write) -> Op
    var apply: (inout State, Op) -> Void
    var view: (State) -> View
    /// The slow, obvious answer: from all ops at once, in no order.
    var model: ([Op]) -> View

    /// Checks that all ways of hearing the same ops give the model's answer.
    func check(seed: UInt64 = 1, count: Int = 300) {
        forAll(seed: seed, count: count, actions: Step.list) { steps in
            let (states, known) = self.run(steps)
            for (state, ops) in zip(states, known) {
                #expect(self.view(state) == self.model(Array(ops.values)))
            }
            var all = states[0]
            all.merge(states[1])
            all.merge(states[2])
            let byDot = known.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            // In the order of the dots, so that a seed gives the same orders in every process.
            let ops = byDot.sorted { $0.key < $1.key }.map(\.value)
            #expect(self.view(all) == self.model(ops))

            var generator = SplitMix64(seed: UInt64(steps.count))
            for _ in 0..<3 {
                var twice = ops + ops
                twice.shuffle(using: &generator)
                let replayed = twice.reduce(into: self.empty) { self.apply(&$0, $1) }
                #expect(replayed == all)
            }
        }
    }

    private func run(_ steps: [Step]) -> (states: [State], known: [[Dot: Op]]) {
        var states = [State](repeating: empty, count: 3)
        var known = [[Dot: Op]](repeating: [:], count: 3)
        var written = [UInt64](repeating: 0, count: 3)
        for (index, step) in steps.enumerated() {
            switch step {
            case .write(let replica, let choice):
                var generator = SplitMix64(seed: choice)
                written[replica] += 1
                // Clocks are far apart, and seldom tell the order in which things happened.
                let time = HybridTime(milliseconds: UInt64(index / 8 + 5 * replica))
                let write = Write(
                    stamp: Stamp(time: time, replica: replicaNumbered(replica + 1)),
                    seq: written[replica])
                let op = make(&generator, states[replica], write)
                known[replica][write.dot] = op
                apply(&states[replica], op)
            case .deliver(let source, let target, let choice):
                let dots = known[source].keys.sorted()
                guard !dots.isEmpty else { continue }
                let dot = dots[Int(choice % UInt64(dots.count))]
                guard let op = known[source][dot] else { continue }
                known[target][dot] = op
                apply(&states[target], op)
            case .merge(let source, let target):
                states[target].merge(states[source])
                known[target].merge(known[source]) { first, _ in first }
            }
        }
        return (states, known)
    }
}

/// A write that is the only one of its replica, at a time.
func write(_ replica: Int, at milliseconds: UInt64, seq: UInt64 = 1) -> Write {
    let time = HybridTime(milliseconds: milliseconds)
    return Write(stamp: Stamp(time: time, replica: replicaNumbered(replica)), seq: seq)
}

/// All orders of the values.
func permutations<Value>(_ values: [Value]) -> [[Value]] {
    guard !values.isEmpty else { return [[]] }
    return values.indices.flatMap { index in
        var rest = values
        let value = rest.remove(at: index)
        return permutations(rest).map { [value] + $0 }
    }
}
