package import FikaCRDT
package import FikaLog

/// What an op says: its kind, its decoded body, and the op that it aims at.
package enum ChatOp: Hashable, Sendable {
    case void
    case introduction(Introduction)
    case create(Creation)
    case grant(Grant)
    case revoke(Dot)
    case leave
    case close(Close)
    case name(RoomText)
    case about(RoomText)
    case message(MessageBody, reply: Dot?)
    case edit(MessageBody, of: Dot)
    case delete(Dot)
    case reaction(Reaction, to: Dot)
    case pin(Dot)
    case unpin(Unpin, of: Dot)
    case poll(PollCreation)
    case pollQuestion(PollQuestion, of: Dot)
    case pollSetting(PollSettingChange, of: Dot)
    case optionAdd(OptionAddition, to: Dot)
    case optionText(OptionText, of: Dot)
    case optionRemove(OptionRemoval, of: Dot)
    case vote(Vote, on: Dot)
    case readMark(ReadMarkBody)
    case flag(LogFlag)
    case importRun(ImportRun)
    case imported(ImportedMessage)
    /// A kind that this version does not know: kept, handed on, counted.
    case unsupported(Kind, target: Dot?, body: [UInt8])
}
