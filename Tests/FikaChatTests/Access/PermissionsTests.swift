import FikaChat
import FikaLog
import FikaTestSupport
import Testing

@Suite struct PermissionsTests {
    private static let places: [LogKind] = [
        .room(.room), .room(.visitor), .room(.event), .privateChat, .personal, .directory,
        .unknown,
    ]
    private static let content = ChatKind.allCases.filter {
        !$0.flags.contains(.access) && $0 != .void && $0 != .introduction
    }

    @Test(arguments: PermissionsTests.content)
    func `F9: nobody writes content without being a member`(kind: ChatKind) {
        for place in Self.places {
            #expect(refusal(kind, nil, place) == .notMember)
        }
    }

    @Test(arguments: PermissionsTests.content)
    func `F9: a personal log takes read marks and flags, all other logs the rest`(kind: ChatKind) {
        let isPersonal = kind == .readMark || kind == .flag
        #expect((refusal(kind, .member, .personal) == nil) == isPersonal)
        #expect(refusal(kind, .moderator, .directory) == .notHere)
        #expect(refusal(kind, .moderator, .unknown) == .notHere)
        #expect((refusal(kind, .member, .room(.room)) == nil) == !isPersonal)
        #expect((refusal(kind, .member, .privateChat) == nil) == !isPersonal)
    }

    @Test func `F9: nobody reacts in visitor rooms`() {
        #expect(refusal(.reaction, .moderator, .room(.visitor)) == .notHere)
        #expect(refusal(.reaction, .member, .room(.event)) == nil)
    }

    @Test(arguments: [ChatKind.name, .about])
    func `F9: event and visitor rooms are named by moderators`(kind: ChatKind) {
        for place in [LogKind.room(.event), .room(.visitor)] {
            #expect(refusal(kind, .member, place) == .notModerator)
            #expect(refusal(kind, .moderator, place) == nil)
        }
        #expect(refusal(kind, .member, .room(.room)) == nil)
    }

    @Test func `M5: only who wrote a message edits it, a moderator does not`() {
        #expect(refusal(.edit, .member, .room(.room), rowAuthor: "bo") == nil)
        #expect(refusal(.edit, .moderator, .room(.room), rowAuthor: "ann") == .notAuthor)
    }

    @Test func `M6: who wrote it or a moderator deletes it`() {
        #expect(refusal(.delete, .member, .room(.room), rowAuthor: "bo") == nil)
        #expect(refusal(.delete, .member, .room(.room), rowAuthor: "ann") == .notAuthor)
        #expect(refusal(.delete, .moderator, .room(.room), rowAuthor: "ann") == nil)
    }

    @Test func `M2: each kind acts on targets of the right kinds`() {
        for target in ChatKind.allCases {
            let isRow = target == .message || target == .imported || target == .poll
            #expect(Permissions.canAim(.edit, at: target) == (target == .message))
            #expect(Permissions.canAim(.delete, at: target) == isRow)
            #expect(Permissions.canAim(.reaction, at: target) == isRow)
            #expect(Permissions.canAim(.vote, at: target) == (target == .poll))
            #expect(
                Permissions.canAim(.revoke, at: target) == (target == .grant || target == .create))
            #expect(Permissions.canAim(.message, at: target))
        }
    }

    @Test func `M13: the creator acts as creator, others as the named op says`() {
        let kinds: [ChatKind] = [
            .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove,
        ]
        for kind in kinds {
            #expect(pollRefusal(kind, by: "ann", .creator, []) == nil)
            #expect(pollRefusal(kind, by: "bo", .creator, .all) == .notAllowedByPoll)
            #expect(pollRefusal(kind, by: "bo", .poll, .anyoneEdits) == nil)
            #expect(pollRefusal(kind, by: "bo", .poll, .allowsMultiple) == .notAllowedByPoll)
            #expect(pollRefusal(kind, by: "ann", .setting(dot(1, 2)), []) == .notAllowedByPoll)
            let adds = pollRefusal(kind, by: "bo", .setting(dot(1, 2)), .anyoneAdds)
            #expect((adds == nil) == (kind == .optionAdd))
        }
    }

    private func refusal(
        _ kind: ChatKind, _ role: Role?, _ place: LogKind, rowAuthor: String = "bo"
    ) -> ContentRefusal? {
        Permissions.refusal(
            of: kind, by: user("bo"), as: role, in: place, rowAuthor: user(rowAuthor))
    }

    private func pollRefusal(
        _ kind: ChatKind, by name: String, _ basis: Basis, _ named: PollSettings
    ) -> ContentRefusal? {
        Permissions.pollRefusal(
            of: kind, by: user(name), creator: user("ann"), basis: basis, named: named)
    }
}
