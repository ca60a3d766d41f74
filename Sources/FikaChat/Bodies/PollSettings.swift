/// The switches that a poll starts with.
package struct PollSettings: OptionSet, Hashable, Sendable, BitwiseCopyable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let allowsMultiple = PollSettings(.allowsMultiple)
    package static let anyoneAdds = PollSettings(.anyoneAdds)
    package static let anyoneEdits = PollSettings(.anyoneEdits)
    package static let all: PollSettings = [.allowsMultiple, .anyoneAdds, .anyoneEdits]

    package init(_ setting: PollSetting) {
        self.init(rawValue: 1 << setting.rawValue)
    }

    package func contains(_ setting: PollSetting) -> Bool {
        contains(PollSettings(setting))
    }
}
