/// A simulation's end as `--json` writes it.
struct SimulationRecord: Encodable {
    struct Failure: Encodable {
        let seed: UInt64
        let findings: [String]
        let replay: String
    }

    let worlds: Int
    let worldsOnSQLite: Int
    let ops: Int
    let events: Int
    let seconds: Double
    let counts: [String: [String: Int]]
    let lacking: [String]
    let failures: [Failure]
}

/// What became of a planted bug as `--json` writes it.
struct PlantRecord: Encodable {
    let bug: String
    let isCaught: Bool
    let invariant: String?
    let worlds: Int
    let seed: UInt64?
    let findings: [String]
}
