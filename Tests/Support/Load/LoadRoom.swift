import FikaSimulation
import FikaCRDT
import FikaLog

/// What the load remembers of its room: few enough rows that a million messages fit.
struct LoadRoom: Sendable {
    /// A row that somebody may act on.
    struct Row: Sendable {
        let dot: Dot
        let author: Int
        /// The text as last edited; nil for polls.
        var text: String?
    }

    struct Poll: Sendable {
        let dot: Dot
        let optionCount: Int
        /// The first voter; the others follow by number.
        let firstVoter: Int
        var votesLeft: Int
    }

    struct ReactionOn: Sendable {
        let author: Int
        let target: Dot
        let emoji: String
    }

    private static let recentMaximum = 1024
    /// The oldest first.
    private(set) var recent: [Row] = []
    /// A sample of all rows since the beginning.
    private(set) var sample: [Row] = []
    private var rowCount = 0
    var openPolls: [Poll] = []
    var takeBacks: [ReactionOn] = []

    mutating func add(_ row: Row, _ generator: inout SplitMix64) {
        if recent.count == 2 * Self.recentMaximum {
            recent.removeFirst(Self.recentMaximum)
        }
        recent.append(row)
        rowCount += 1
        if sample.count < Self.recentMaximum {
            sample.append(row)
        } else if generator.oneIn(rowCount / Self.recentMaximum) {
            sample[generator.number(in: 0..<sample.count)] = row
        }
    }

    /// Draws a row to react to: mostly a new one, seldom one of long ago.
    func drawRow(_ generator: inout SplitMix64) -> Row {
        generator.oneIn(50) ? generator.pick(sample) : recent[drawRecent(&generator)]
    }

    /// Draws the index of a recent row, mostly one of the newest.
    func drawRecent(_ generator: inout SplitMix64) -> Int {
        let reach = generator.oneIn(10) ? recent.count : min(recent.count, 24)
        return recent.count - 1 - generator.number(in: 0..<reach)
    }

    mutating func setText(_ text: String, at index: Int) {
        recent[index].text = text
    }

    mutating func remove(at index: Int) {
        let dot = recent.remove(at: index).dot
        sample.removeAll { $0.dot == dot }
    }
}
