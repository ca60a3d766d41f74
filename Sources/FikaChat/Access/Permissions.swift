import FikaCRDT
package import FikaLog

/// Who may write what: rule F9 with M5, M6 and M13, from values alone.
package enum Permissions {
    /// Judges a content op; nil when its author may.
    ///
    /// Access ops are judged by the fold.
    ///
    /// - Parameters:
    ///   - kind: The op's kind.
    ///   - author: Whose device wrote it.
    ///   - role: What the author is at the op's own point; nil: no member.
    ///   - log: What the log is for.
    ///   - rowAuthor: Whose row an edit or delete aims at: who wrote or imported it.
    /// - Returns: The reason why not, or nil.
    package static func refusal(
        of kind: ChatKind, by author: UserID, as role: Role?, in log: LogKind,
        rowAuthor: UserID? = nil
    ) -> ContentRefusal? {
        switch kind {
        case .void, .introduction, .create, .grant, .revoke, .leave, .close: return nil
        case .readMark, .flag, .name, .about, .message, .edit, .delete, .reaction, .pin, .unpin,
            .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote,
            .importRun, .imported:
            break
        }
        if PlantedBug.letsAnybodyDelete.isPlanted, kind == .delete { return nil }
        guard let role else { return .notMember }
        guard isPlace(log, for: kind) else { return .notHere }
        switch kind {
        case .name, .about:
            return role == .moderator || !isModerated(log) ? nil : .notModerator
        case .edit:
            return author == rowAuthor ? nil : .notAuthor
        case .delete:
            return author == rowAuthor || role == .moderator ? nil : .notAuthor
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .message, .reaction,
            .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd, .optionText,
            .optionRemove, .vote, .readMark, .flag, .importRun, .imported:
            return nil
        }
    }

    /// Whether an op of a kind can act on one of the other kind; a reply may name anything (M7).
    package static func canAim(_ kind: ChatKind, at target: ChatKind) -> Bool {
        switch kind {
        case .message: true
        case .edit: target == .message
        case .delete, .reaction, .pin, .unpin:
            target == .message || target == .imported || target == .poll
        case .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote:
            target == .poll
        case .revoke: target == .grant || target == .create
        case .void, .introduction, .create, .grant, .leave, .close, .name, .about, .poll,
            .readMark, .flag, .importRun, .imported:
            false
        }
    }

    /// Judges who may change a poll (rule M13); nil when the author may.
    ///
    /// - Parameters:
    ///   - kind: The op's kind: question, setting, option add, text or remove.
    ///   - author: Whose device wrote it.
    ///   - creator: Who made the poll.
    ///   - basis: Under what the author acted.
    ///   - named: The settings that the named op switches on: all of the poll op's for
    ///     `Basis.poll`, the one of a setting op that counts, else none.
    /// - Returns: The reason why not, or nil.
    package static func pollRefusal(
        of kind: ChatKind, by author: UserID, creator: UserID, basis: Basis, named: PollSettings
    ) -> ContentRefusal? {
        let isAllowed =
            switch basis {
            case .creator: author == creator
            case .poll, .setting:
                named.contains(PollSettings.anyoneEdits)
                    || (kind == .optionAdd && named.contains(PollSettings.anyoneAdds))
            }
        return isAllowed ? nil : .notAllowedByPoll
    }

    private static func isPlace(_ log: LogKind, for kind: ChatKind) -> Bool {
        let isPersonal = kind == .readMark || kind == .flag
        return switch log {
        case .personal: isPersonal
        case .room(.visitor): !isPersonal && kind != .reaction
        case .room(.room), .room(.event), .privateChat: !isPersonal
        case .directory, .unknown: false
        }
    }

    private static func isModerated(_ log: LogKind) -> Bool {
        log == .room(.event) || log == .room(.visitor)
    }
}
