import FikaCRDT

/// Folds a new own op into unsealed ones, so that what was taken back never leaves (O3, G3, G4).
///
/// An op that says the same thing anew is written anew, for its stamp has to be above what the log
/// holds by now; only the edit of an unsealed message takes that message's place.
package enum Folding {
    /// Decides what becomes of a new op that its author may write.
    ///
    /// - Parameters:
    ///   - new: What the op would say.
    ///   - unsealed: The author replica's unsealed ops of the same log, in any order, without those
    ///     that were re-homed.
    /// - Returns: The decision; all dots in it are those of unsealed ops.
    package static func decide(_ new: ChatOp, unsealed: some Sequence<OwnOp>) -> FoldDecision {
        let own = unsealed.sorted { $0.dot < $1.dot }
        if PlantedBug.foldsTwoMessages.isPlanted, case .message(_, let target?) = new,
            let same = own.last(where: { $0.content.target == target })
        {
            return .replaceBody(of: same.dot)
        }
        switch new {
        case .edit(_, let target):
            if own.contains(where: { $0.dot == target && $0.content.known == .message }) {
                return .replaceBody(of: target)
            }
            return replacing(own) { $0.known == .edit && $0.target == target }
        case .delete(let target):
            return decideDelete(of: target, own)
        case .reaction(let reaction, let target):
            return replacing(own) { isSame($0, reaction, target) }
        case .unpin(let unpin, _):
            return decideUnpin(unpin, own)
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .pin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported, .unsupported:
            return .append
        }
    }

    /// All that aims at the deleted row goes, but replies: they stay and quote a deleted row (M7).
    private static func decideDelete(of target: Dot, _ own: [OwnOp]) -> FoldDecision {
        let aimed = own.filter { $0.content.target == target && $0.content.known != .message }
            .map(\.dot)
        if own.contains(where: { $0.dot == target }) {
            return .void((aimed + CollectionOfOne(target)).sorted())
        }
        return aimed.isEmpty ? .append : .replace(aimed)
    }

    private static func decideUnpin(_ unpin: Unpin, _ own: [OwnOp]) -> FoldDecision {
        let ended = own.filter { $0.content.known == .pin && unpin.pins.contains($0.dot) }
            .map(\.dot)
        if ended.count == unpin.pins.count { return .void(ended) }
        return ended.isEmpty ? .append : .replace(ended)
    }

    private static func replacing(
        _ own: [OwnOp], where isOutdated: (ChatOp) -> Bool
    ) -> FoldDecision {
        let outdated = own.filter { isOutdated($0.content) }.map(\.dot)
        return outdated.isEmpty ? .append : .replace(outdated)
    }

    private static func isSame(_ op: ChatOp, _ reaction: Reaction, _ target: Dot) -> Bool {
        guard case .reaction(let other, target) = op else { return false }
        return other.emoji.utf8.elementsEqual(reaction.emoji.utf8)
    }
}
