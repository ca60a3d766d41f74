import FikaChat
import FikaCRDT
import FikaLog

/// A page in the making: the newest ops before a time, as many as make so many rows (rule D2).
///
/// What is aimed at rows comes along, but never so much that the page is no segment any more.
struct NewestOps {
    private struct Entry {
        let stamp: Stamp
        let dot: Dot
        let isRow: Bool
    }

    private let time: HybridTime
    private let rows: Int
    /// Newest first.
    private var found: [Entry] = []
    private var isFull = false

    init(before time: HybridTime, rows: Int) {
        self.time = time
        self.rows = rows
    }

    /// Newest first.
    var dots: [Dot] { found.map(\.dot) }

    /// Whether ops up to this highest raw time can belong to the page.
    func mayGain(upTo highest: Int64) -> Bool {
        guard isFull, let last = found.last else { return true }
        return highest >= Int64(clamping: last.stamp.time.raw)
    }

    /// Takes some ops; those that belong to the page stay.
    mutating func add(_ ops: some Sequence<(dot: Dot, kind: Kind, time: HybridTime)>) {
        let lowest = isFull ? found.last?.stamp.time ?? .zero : .zero
        for op in ops where op.time < time && op.time >= lowest {
            found.append(
                Entry(
                    stamp: Stamp(time: op.time, replica: op.dot.replica), dot: op.dot,
                    isRow: ChatKind(op.kind)?.isRow ?? false))
        }
        found.sort { left, right in
            left.stamp != right.stamp ? left.stamp > right.stamp : left.dot.seq > right.dot.seq
        }
        trim()
    }

    private mutating func trim() {
        var left = rows
        for (index, entry) in found.enumerated() {
            if entry.isRow { left -= 1 }
            guard left <= 0 || index + 1 == Limits.pageOpsMaximum else { continue }
            found.removeSubrange((index + 1)...)
            isFull = true
            return
        }
    }
}
