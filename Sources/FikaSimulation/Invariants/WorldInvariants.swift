/// All that must be true of a world in which nothing moves any more.
package enum WorldInvariants {
    /// Says what is not; the first findings of each invariant.
    package static func findings(in world: World) -> [String] { examine(world).findings }

    /// Says also what happened.
    static func examine(_ world: World) -> (findings: [String], counts: WorldCounts) {
        do {
            let outcome = try WorldOutcome(world)
            return (try checked(world, outcome), WorldCounts(world, outcome))
        } catch {
            return (world.ledger.findings + ["a disk cannot be read: \(error)"], world.counts)
        }
    }

    private static func checked(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        let checks: [(String, [String])] = try [
            ("while it ran", world.ledger.findings),
            ("outboxes", OutboxInvariant.findings(world)),
            ("seqs", SeqInvariant.findings(world, outcome)),
            ("positions", PositionInvariant.findings(world, outcome)),
            ("same ops", SameOpsInvariant.findings(world, outcome)),
            ("cursors", CursorInvariant.findings(world, outcome)),
            ("digests", DigestInvariant.findings(world, outcome)),
            ("writes", WriteInvariant.findings(world, outcome)),
            ("door", DoorInvariant.findings(world, outcome)),
            ("honesty", HonestyInvariant.findings(world, outcome)),
            ("replies", ReplyInvariant.findings(world, outcome)),
            ("erasing", ErasureInvariant.findings(world, outcome)),
            ("former members", FormerMemberInvariant.findings(world, outcome)),
            ("once", OnceInvariant.findings(outcome)),
            ("membership", MembershipInvariant.findings(world, outcome)),
            ("delivery", DeliveryInvariant.findings(world, outcome)),
            ("bounds", BoundsInvariant.findings(world)),
            ("stores", AuditInvariant.findings(world)),
        ]
        return checks.flatMap { name, findings in findings.prefix(2).map { "\(name): \($0)" } }
    }
}
