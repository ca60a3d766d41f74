/// All that must be true of a world in which nothing moves any more.
package enum WorldInvariants {
    /// Says what is not; the first findings of each invariant.
    package static func findings(in world: World) -> [String] {
        do {
            return try checked(world)
        } catch {
            return world.ledger.findings + ["a disk cannot be read: \(error)"]
        }
    }

    private static func checked(_ world: World) throws -> [String] {
        let outcome = try WorldOutcome(world)
        let checks: [(String, [String])] = try [
            ("while it ran", world.ledger.findings),
            ("outboxes", OutboxInvariant.findings(world)),
            ("seqs", SeqInvariant.findings(world, outcome)),
            ("positions", PositionInvariant.findings(world, outcome)),
            ("same ops", SameOpsInvariant.findings(world, outcome)),
            ("cursors", CursorInvariant.findings(world, outcome)),
            ("digests", DigestInvariant.findings(world, outcome)),
            ("writes", WriteInvariant.findings(world, outcome)),
            ("once", OnceInvariant.findings(outcome)),
            ("membership", MembershipInvariant.findings(world, outcome)),
            ("bounds", BoundsInvariant.findings(world)),
        ]
        return checks.flatMap { name, findings in findings.prefix(2).map { "\(name): \($0)" } }
    }
}
