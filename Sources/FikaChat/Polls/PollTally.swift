import FikaCRDT
import FikaLog

/// Reads options and votes as they are shown (rules M14 to M17).
///
/// The votes are never changed by a reading: switching the setting reads the same flags anew.
package enum PollTally {
    /// Returns the lines of a poll.
    ///
    /// - Parameters:
    ///   - options: All options, in any order, each once.
    ///   - votes: The latest word of each user on each option, in any order.
    ///   - allowsMultiple: Whether all of a user's votes count, or the last alone.
    /// - Returns: The lines in their order, equal texts merged, voters rising.
    package static func lines(
        options: some Sequence<PollOption>, votes: some Sequence<PollVote>, allowsMultiple: Bool
    ) -> [PollOptionState] {
        let shown = options.filter { !$0.isRemoved }.sorted(by: PollOption.precedes)
        let places = places(of: shown)
        var lines: [PollOptionState] = []
        for option in shown where places[option.option] == lines.count {
            lines.append(PollOptionState(option: option.option, text: option.text, voters: []))
        }
        var voters = [Set<UserID>](repeating: [], count: lines.count)
        for vote in counting(votes, on: places, allowsMultiple: allowsMultiple) {
            if let place = places[vote.option] { voters[place].insert(vote.user) }
        }
        for place in lines.indices { lines[place].voters = voters[place].sorted() }
        return lines
    }

    /// The line of each option.
    private static func places(of shown: [PollOption]) -> [OptionRef: Int] {
        var lineOfText: [[Unicode.Scalar]: Int] = [:]
        var places: [OptionRef: Int] = [:]
        for option in shown {
            let text = PollFolding.fold(option.text)
            let line = lineOfText[text] ?? lineOfText.count
            lineOfText[text] = line
            places[option.option] = line
        }
        return places
    }

    private static func counting(
        _ votes: some Sequence<PollVote>, on places: [OptionRef: Int], allowsMultiple: Bool
    ) -> [PollVote] {
        let on = votes.filter { $0.isOn && places[$0.option] != nil }
        guard !allowsMultiple, !PlantedBug.countsVotesTwice.isPlanted else { return on }
        var last: [UserID: PollVote] = [:]
        for vote in on {
            if let standing = last[vote.user], !precedes(standing, vote) { continue }
            last[vote.user] = vote
        }
        return last.values.sorted { $0.user < $1.user }
    }

    /// By write; within one vote op by option.
    private static func precedes(_ left: PollVote, _ right: PollVote) -> Bool {
        left.write != right.write ? left.write < right.write : left.option < right.option
    }
}
