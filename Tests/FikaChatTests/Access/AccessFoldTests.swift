import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct AccessFoldTests {
    @Test func `F1: pending ops come after all accepted ones, whatever their stamps`() {
        var script = AccessScript()
        script.pend(.bo, at: 1, grant("eva"))
        script.accept(.ann, AccessScript.creation())
        script.accept(.ann, grant("bo"))
        #expect(script.history.names == ["ann*", "bo", "eva"])
    }

    @Test func `F1: an op that might not stays ignored when its author may later`() {
        var script = AccessScript.room()
        let early = script.accept(.bo, grant("eva"))
        script.accept(.ann, grant("bo"))
        #expect(script.history.verdict(of: early) == .ignored(.notMember))
        #expect(script.history.names == ["ann*", "bo"])
    }

    @Test func `F2, G10: a private chat has the named users, whoever started it`() {
        let preimage = LogPreimage(
            workspace: WorkspaceID(high: 1, low: 1), kind: .privateChat,
            users: [user("bo"), user("ann")])
        var script = AccessScript(log: Hashes.derivedLogID(preimage), preimage: preimage)
        let create = script.accept(.ann, AccessScript.creation())
        script.accept(.bo, grant("eva"))
        script.accept(.bo, .leave)
        #expect(script.history.names == ["ann", "bo"])
        #expect(script.history.kind == .privateChat)
        #expect(script.history.verdict(of: create) == .ignored(.derivedLog))
        #expect(script.history.role(of: user("ann"), at: .accepted(0)) == .member)
        #expect(script.history.role(of: user("eva")) == nil)
        #expect(!script.history.isArchived)
    }

    @Test func `F2: a personal log has its user, a directory nobody`() {
        for (kind, users, names) in [
            (LogPreimage.Kind.personal, [user("ann")], ["ann"]), (.directory, [], []),
        ] {
            let preimage = LogPreimage(
                workspace: WorkspaceID(high: 1, low: 1), kind: kind, users: users)
            let script = AccessScript(log: Hashes.derivedLogID(preimage), preimage: preimage)
            #expect(script.history.names == names)
        }
    }

    @Test func `M1: a preimage that does not give the log's id shows nothing`() {
        let preimage = LogPreimage(
            workspace: WorkspaceID(high: 1, low: 1), kind: .personal, users: [user("ann")])
        let script = AccessScript(log: LogID(high: 1, low: 1), preimage: preimage)
        #expect(script.history.kind == .unknown)
        #expect(script.history.members.isEmpty)
    }

    @Test func `F3: only the key and nonce of the log's id make the room, and once`() {
        var script = AccessScript()
        let strange = script.accept(.bo, AccessScript.creation(.event))
        script.accept(.ann, AccessScript.creation(.visitor))
        let second = script.accept(.ann, AccessScript.creation(.room))
        let history = script.history
        #expect(history.verdict(of: strange) == .ignored(.notCreator))
        #expect(history.verdict(of: second) == .ignored(.alreadyCreated))
        #expect(history.kind == .room(.visitor))
        #expect(history.creator == user("ann"))
        #expect(history.names == ["ann*"])
    }

    @Test func `F4: members let members in, in plain rooms; moderators anybody, anywhere`() {
        for kind in RoomKind.allCases {
            var script = AccessScript.room(kind)
            script.accept(.ann, grant("bo"))
            let byMember = script.accept(.bo, grant("eva"))
            let moderator = script.accept(.bo, grant("omid", .moderator))
            let history = script.history
            let isPlain = kind == .room
            #expect(history.verdict(of: byMember)?.counts == isPlain)
            #expect(history.verdict(of: moderator) == .ignored(.notModerator))
            script.accept(.ann, grant("bo", .moderator))
            script.accept(.bo, grant("omid", .moderator))
            #expect(script.history.names == ["ann*", "bo*"] + (isPlain ? ["eva"] : []) + ["omid*"])
        }
    }

    @Test func `F4: an archived room is opened again by the user who was last in, alone`() {
        var script = AccessScript.room(.event)
        script.accept(.ann, grant("bo"))
        script.accept(.ann, .leave)
        let leave = script.accept(.bo, .leave)
        #expect(script.history.isArchived)
        let byFirst = script.accept(.ann, grant("eva"))
        #expect(script.history.verdict(of: byFirst) == .ignored(.notLastMember))
        let unnamed = script.accept(.bo, grant("bo", .moderator))
        #expect(script.history.verdict(of: unnamed) == .withoutEffect(.userLeft))
        #expect(script.history.isArchived)
        script.accept(.bo, grant("bo", .moderator, after: leave))
        #expect(script.history.names == ["bo*"])
        #expect(!script.history.isArchived)
    }

    @Test func `F4: who left comes back only by a grant that names the last leave`() {
        var script = AccessScript.room()
        script.accept(.ann, grant("bo"))
        let first = script.accept(.bo, .leave)
        let unaware = script.accept(.ann, grant("bo"))
        #expect(script.history.verdict(of: unaware) == .withoutEffect(.userLeft))
        #expect(script.history.verdict(of: unaware)?.counts == true)
        script.accept(.ann, grant("bo", after: first))
        #expect(script.history.names == ["ann*", "bo"])
        let second = script.accept(.bo, .leave)
        script.accept(.ann, grant("bo", after: first))
        #expect(script.history.names == ["ann*"])
        script.accept(.ann, grant("bo", after: second))
        #expect(script.history.names == ["ann*", "bo"])
    }

    @Test func `F5: a revoke ends that grant and no other`() {
        var script = AccessScript.room()
        let first = script.accept(.ann, grant("bo"))
        let second = script.accept(.ann, grant("bo", .moderator))
        script.accept(.ann, .revoke(second))
        #expect(script.history.names == ["ann*", "bo"])
        let again = script.accept(.ann, .revoke(second))
        #expect(script.history.verdict(of: again) == .withoutEffect(.grantNotInEffect))
        script.accept(.ann, .revoke(first))
        #expect(script.history.names == ["ann*"])
        #expect(script.history.grantedUser(first) == user("bo"))
        script.accept(.ann, grant("bo"))
        #expect(script.history.names == ["ann*", "bo"])
    }

    @Test func `F5: members end member grants in plain rooms, all their own, moderators any`() {
        for kind in RoomKind.allCases {
            var script = AccessScript.room(kind)
            let bo = script.accept(.ann, grant("bo"))
            let eva = script.accept(.ann, grant("eva"))
            let omid = script.accept(.ann, grant("omid", .moderator))
            let ofMember = script.accept(.bo, .revoke(eva))
            let ofModerator = script.accept(.bo, .revoke(omid))
            let own = script.accept(.bo, .revoke(bo))
            let history = script.history
            #expect(history.verdict(of: ofMember)?.counts == (kind == .room))
            #expect(history.verdict(of: ofModerator) == .ignored(.notModerator))
            #expect(history.verdict(of: own) == .counted)
            #expect(history.role(of: user("bo")) == nil)
            let outsider = script.accept(.bo, .revoke(eva))
            #expect(script.history.verdict(of: outsider) == .ignored(.notMember))
        }
    }

    @Test func `F5: a revoke waits for its grant, takes a create, and nothing else`() {
        var script = AccessScript.room()
        let missing = script.accept(.ann, .revoke(dot(1, 5)))
        let ofClose = script.accept(.ann, .revoke(missing))
        let create = script.ops[0].dot
        let ofCreate = script.accept(.ann, .revoke(create))
        #expect(script.history.verdict(of: missing) == .waiting)
        #expect(script.history.verdict(of: ofClose) == .ignored(.wrongTarget))
        #expect(script.history.verdict(of: ofCreate) == .counted)
        #expect(script.history.isArchived)
    }

    @Test func `F6: a leave ends all grants of its author, and counts for members alone`() {
        var script = AccessScript.room()
        script.accept(.ann, grant("bo"))
        script.accept(.ann, grant("bo", .moderator))
        let leave = script.accept(.bo, .leave)
        let again = script.accept(.bo, .leave)
        #expect(script.history.verdict(of: leave) == .counted)
        #expect(script.history.verdict(of: again) == .ignored(.notMember))
        #expect(script.history.names == ["ann*"])
    }

    @Test func `F7: a role is that of the grants in effect below the point`() {
        var script = AccessScript.room()
        let member = script.accept(.ann, grant("bo"))
        let moderator = script.accept(.ann, grant("bo", .moderator))
        script.accept(.ann, .revoke(member))
        script.accept(.ann, .revoke(moderator))
        let roles = (1...6).map { script.history.role(of: user("bo"), at: .accepted($0)) }
        #expect(roles == [nil, nil, .member, .moderator, .moderator, nil])
    }

    @Test func `F8: from a close on, its replica's ops beyond it are set aside`() {
        var script = AccessScript.room()
        script.accept(.ann, grant("bo"))
        let before = script.accept(.bo, grant("eva"))
        script.accept(.relay, close(.bo, 2, .removed))
        let after = script.accept(.bo, grant("omid"))
        let history = script.history
        #expect(history.verdict(of: before) == .counted)
        #expect(history.verdict(of: after) == .ignored(.beyondClose))
        #expect(history.isBeyondClose(after, at: .accepted(5)))
        #expect(!history.isBeyondClose(after, at: .accepted(4)))
        #expect(!history.isBeyondClose(before, at: .accepted(5)))
        #expect(history.closedBeyond(Writer.bo.replica)?.reason == .removed)
        #expect(history.closedBeyond(Writer.ann.replica) == nil)
    }

    @Test func `F8: the lowest close wins, and that of another branch is below all`() {
        var script = AccessScript.room()
        script.accept(.relay, close(.bo, 5, .removed))
        script.accept(.relay, close(.bo, 3, .malformed))
        script.accept(.relay, close(.bo, 4, .tooLarge))
        #expect(script.history.closedBeyond(Writer.bo.replica)?.seq == 3)
        script.accept(.relay, close(.bo, 9, .forked), closesOtherBranch: true)
        #expect(script.history.closedBeyond(Writer.bo.replica)?.lastCounting == 0)
        let first = Dot(replica: Writer.bo.replica, seq: 1)
        #expect(script.history.isBeyondClose(first, at: .accepted(9)))
        #expect(!script.history.isBeyondClose(first, at: .accepted(5)))
    }

    @Test func `F10: users write no closes, strange relays neither, relays nothing else`() {
        var script = AccessScript.room()
        let byUser = script.accept(.ann, close(.bo, 0, .removed))
        let byStranger = script.accept(.strangeRelay, close(.bo, 0, .removed))
        let grant = script.accept(.relay, grant("eva"))
        #expect(script.history.verdict(of: byUser) == .ignored(.notRelay))
        #expect(script.history.verdict(of: byStranger) == .ignored(.notRelay))
        #expect(script.history.verdict(of: grant) == .ignored(.relayMayNot))
        #expect(script.history.closedBeyond(Writer.bo.replica) == nil)
    }

    @Test func `F9, G13: what Bo writes before he knows of his removal is refused`() {
        var script = AccessScript.room()
        let added = script.accept(.ann, grant("bo"))
        script.accept(.ann, .revoke(added))
        let bo = Dot(replica: Writer.bo.replica, seq: 9)
        func refusal(_ point: AccessPoint) -> ContentRefusal? {
            script.history.refusal(of: .message, bo, by: user("bo"), at: point)
        }
        let stamp = Stamp(time: HybridTime(milliseconds: 1), replica: bo.replica)
        #expect(refusal(.accepted(3)) == nil)
        #expect(refusal(.accepted(4)) == .notMember)
        #expect(refusal(.pending(stamp)) == .notMember)
        script.accept(.relay, close(.bo, 8, .removed))
        #expect(refusal(.pending(stamp)) == .beyondClose)
    }

    private func close(_ writer: Writer, _ seq: UInt64, _ reason: CloseReason) -> ChatOp {
        .close(Close(replica: writer.replica, seq: seq, chain: digest(1), reason: reason))
    }
}
