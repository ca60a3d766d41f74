/// What happened in worlds, counted by name: to see that they did enough.
package struct WorldCounts: Hashable, Sendable {
    package enum Group: String, CaseIterable, Sendable {
        /// What went wrong.
        case faults
        /// What disks did that they should not.
        case disks
        /// What people did.
        case acts
        /// What devices forged.
        case forgeries
        /// Ops of one thing from two devices that were accepted in another order than written.
        case conflicts
        /// Closes that relays wrote, by reason.
        case closes
        /// What else the machines came to do.
        case course
    }

    private var counts: [Group: [String: Int]] = [:]

    package init() {}

    package mutating func add(_ group: Group, _ name: String, _ count: Int = 1) {
        guard count > 0 else { return }
        counts[group, default: [:]][name, default: 0] += count
    }

    package mutating func add(_ other: WorldCounts) {
        for group in Group.allCases {
            for (name, count) in other.counts[group] ?? [:] { add(group, name, count) }
        }
    }

    package func count(_ group: Group, _ name: String) -> Int { counts[group]?[name] ?? 0 }

    /// How much happened of a group in all.
    package func total(_ group: Group) -> Int { counts[group]?.values.reduce(0, +) ?? 0 }

    /// By name, rising.
    package func values(of group: Group) -> [(name: String, count: Int)] {
        (counts[group] ?? [:]).sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
    }
}

extension WorldCounts {
    /// In so many worlds everything is expected to happen.
    package static let enoughWorlds = 400
    /// In so many worlds on SQLite disks are expected to fail in all ways.
    package static let enoughDiskWorlds = 100

    /// What never happened in some worlds, though it should have; empty when they did enough.
    ///
    /// - Parameters:
    ///   - worldCount: How many worlds there were.
    ///   - diskWorldCount: How many of them were on SQLite.
    ///   - longWorldCount: How many of them were long.
    /// - Returns: The names of what never happened.
    package func lacking(
        in worldCount: Int, onDisks diskWorldCount: Int = 0, long longWorldCount: Int = 0
    ) -> [String] {
        lacking(in: worldCount) + lackingOfDisks(in: diskWorldCount)
            + lackingOfLong(in: longWorldCount)
    }

    private func lackingOfLong(in worldCount: Int) -> [String] {
        guard worldCount >= Self.enoughWorlds else { return [] }
        return lacking([
            (.faults, WorldFault.allCases.filter(\.isOfLongWorlds).map(\.rawValue)),
            (.forgeries, WorldForgery.allCases.map(\.rawValue)),
            (.acts, WorldIntent.allCases.filter(\.isOfLongWorlds).map(\.rawValue)),
        ])
    }

    private func lackingOfDisks(in worldCount: Int) -> [String] {
        guard worldCount >= Self.enoughDiskWorlds else { return [] }
        // Worlds have no room for a while rather than for one write.
        let faults = DiskFault.allCases.filter { $0 != .full }.map(\.rawValue)
        let losses = PowerLoss.allCases.map { "power \($0.rawValue)" }
        return (faults + losses + [Self.noRoom]).filter { count(.disks, $0) == 0 }.map {
            "disks: \($0)"
        }
    }

    /// A disk was full.
    static let noRoom = "no room"

    private func lacking(in worldCount: Int) -> [String] {
        guard worldCount >= Self.enoughWorlds else {
            let hasOps = count(.course, "ops accepted") > 0
            return hasOps ? [] : ["course: ops accepted"]
        }
        return lacking([
            (.faults, WorldFault.allCases.filter { !$0.isOfLongWorlds }.map(\.rawValue)),
            (.acts, WorldIntent.allCases.filter { !$0.isOfLongWorlds }.map(\.rawValue)),
            (.conflicts, ["delete", "edit", "edit and delete", "name", "reaction", "vote"]),
            (.closes, ["clockAhead", "notMember", "removed"]),
            (
                .course,
                [
                    "connections", "healed worlds", "ops accepted", "ops refused",
                    "ops said again", "rows deleted",
                ]
            ),
        ])
    }

    private func lacking(_ expected: [(Group, [String])]) -> [String] {
        expected.flatMap { group, names in
            names.filter { count(group, $0) == 0 }.map { "\(group.rawValue): \($0)" }
        }
    }
}
