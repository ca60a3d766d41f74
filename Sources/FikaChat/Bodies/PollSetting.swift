/// A switch of a poll; the raw value is its bit in the poll op and its byte in a setting op.
package enum PollSetting: UInt8, Sendable, CaseIterable {
    case allowsMultiple = 0
    case anyoneAdds = 1
    case anyoneEdits = 2
}
