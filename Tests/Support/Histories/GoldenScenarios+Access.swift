import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

// The golden scenarios of who is in.
extension GoldenScenarios {
    /// G10: both start the private chat offline.
    package static func privateChatFromBothEnds(seed: UInt64) -> GoldenScenario {
        var random = SplitMix64(seed: seed)
        var world = HistoryWorld(
            derived: .privateChat, users: [GoldenStage.emma, GoldenStage.bo],
            generator: SplitMix64(seed: random.next()))
        var personal = HistoryWorld(
            derived: .personal, users: [GoldenStage.emma],
            generator: SplitMix64(seed: random.next()))
        personal.join(GoldenStage.emma)
        let emma = world.join(GoldenStage.emma)
        let bo = world.join(GoldenStage.bo)
        world.write(.message(MessageBody(text: "Hej Bo"), reply: nil), by: emma)
        let answer = world.write(.message(MessageBody(text: "Hej Emma"), reply: nil), by: bo)
        world.acceptAll()
        let history = History(
            log: world.log, personalLog: personal.log, trustedRelays: [],
            viewer: GoldenStage.emma, ops: world.held, personal: personal.held,
            keys: world.keys.merging(personal.keys) { first, _ in first })
        return GoldenScenario(
            name: "G10", history: history,
            expected: ExpectedFacts(
                texts: ["Hej Bo", "Hej Emma"], unread: [answer],
                members: [GoldenStage.bo, GoldenStage.emma], kind: .privateChat))
    }

    /// G13, before the relay has answered: Bo was removed and writes before he knows.
    package static func removedProvisionally(seed: UInt64) -> GoldenScenario {
        let (stage, texts) = removed(seed: seed)
        return stage.scenario(
            "G13 provisional",
            ExpectedFacts(
                texts: ["Kvar"], members: [GoldenStage.emma, GoldenStage.omid],
                outcomes: [texts[0]: .counts, texts[1]: .ignored], refusals: [:]))
    }

    /// G13, after: the relay has closed Bo's replica at its accepted head.
    package static func removedAndRefused(seed: UInt64) -> GoldenScenario {
        var (stage, texts) = removed(seed: seed)
        stage.world.close(stage.bo, reason: .notMember)
        return stage.scenario(
            "G13",
            ExpectedFacts(
                texts: ["Kvar"], members: [GoldenStage.emma, GoldenStage.omid],
                outcomes: [texts[0]: .counts, texts[1]: .setAside],
                refusals: [texts[1]: .notMember]))
    }

    private static func removed(seed: UInt64) -> (GoldenStage, [Dot]) {
        var stage = GoldenStage(seed: seed)
        let before = stage.say("Kvar", by: stage.bo)
        stage.meet()
        let grants = stage.world.ops.filter { $0.kind == ChatKind.grant.kind }
        stage.world.write(.revoke(grants[0].id.dot), by: stage.omid)
        stage.world.accept(stage.omid)
        let after = stage.say("Hör ni mig?", by: stage.bo)
        return (stage, [before, after])
    }

    /// G14: a post is moderated away, then Eva is added.
    package static func addedLate(seed: UInt64) -> GoldenScenario {
        var stage = GoldenStage(seed: seed)
        stage.say("Välkomna", by: stage.omid)
        let post = stage.say("Bort med det här", by: stage.bo)
        stage.meet()
        stage.world.write(.edit(MessageBody(text: "Bort igen"), of: post), by: stage.bo)
        stage.world.write(.delete(post), by: stage.phone)
        stage.meet()
        stage.world.write(.grant(Grant(user: GoldenStage.eva, role: .member)), by: stage.omid)
        stage.meet()
        let device = stage.world.join(GoldenStage.eva)
        stage.say("Tack", by: device)
        stage.meet()
        return stage.scenario(
            "G14",
            ExpectedFacts(
                texts: ["Välkomna", nil, "Tack"],
                members: [
                    GoldenStage.bo, GoldenStage.emma, GoldenStage.eva, GoldenStage.omid,
                ]))
    }
}
