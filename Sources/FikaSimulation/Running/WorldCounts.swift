/// What happened in worlds, counted by name: to see that they did enough.
package struct WorldCounts: Hashable, Sendable {
    package enum Group: String, CaseIterable, Sendable {
        /// What went wrong.
        case faults
        /// What people did.
        case acts
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

    /// What never happened in some worlds, though it should have; empty when they did enough.
    package func lacking(in worldCount: Int) -> [String] {
        guard worldCount >= Self.enoughWorlds else {
            let hasOps = count(.course, "ops accepted") > 0
            return hasOps ? [] : ["course: ops accepted"]
        }
        let expected: [(Group, [String])] = [
            (.faults, WorldFault.allCases.map(\.rawValue)),
            (.acts, WorldIntent.allCases.map(\.rawValue)),
            (.conflicts, ["delete", "edit", "edit and delete", "name", "reaction", "vote"]),
            (.closes, ["clockAhead", "notMember", "removed"]),
            (
                .course,
                [
                    "connections", "healed worlds", "ops accepted", "ops refused",
                    "ops said again", "rows deleted",
                ]
            ),
        ]
        return expected.flatMap { group, names in
            names.filter { count(group, $0) == 0 }.map { "\(group.rawValue): \($0)" }
        }
    }
}
