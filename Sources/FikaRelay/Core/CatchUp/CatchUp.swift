import FikaCRDT

/// The logs in which a connection is behind, and whose turn it is (rule D2).
struct CatchUp: Sendable {
    private var lanes: [LogID: Lane] = [:]
    /// They come first and whole.
    private var personal: [LogID] = []
    /// Whose early ops and page come next, one log after the other.
    private var starting: [LogID] = []
    /// All others, in turns.
    private var turns: [LogID] = []

    var isEmpty: Bool { lanes.isEmpty }

    func contains(_ log: LogID) -> Bool { lanes[log] != nil }

    func lane(_ log: LogID) -> Lane? { lanes[log] }

    /// The log whose turn it is.
    var next: LogID? { personal.first ?? starting.first ?? turns.first }

    /// Adds a log, or begins it anew.
    mutating func add(_ log: LogID, _ lane: Lane) {
        if lanes.updateValue(lane, forKey: log) != nil { removeTurn(of: log) }
        if lane.isPersonal {
            personal.append(log)
        } else if lane.stage == .positions {
            turns.append(log)
        } else {
            starting.append(log)
        }
    }

    /// Positions of a log were told beside its lane.
    mutating func told(_ log: LogID) {
        lanes[log]?.mayBeBrief = false
    }

    /// Takes a lane back after its turn.
    mutating func turnIsOver(_ log: LogID, _ lane: Lane) {
        lanes[log] = lane
        guard !lane.isPersonal, lane.stage == .positions else { return }
        removeTurn(of: log)
        turns.append(log)
    }

    mutating func remove(_ log: LogID) {
        guard lanes.removeValue(forKey: log) != nil else { return }
        removeTurn(of: log)
    }

    private mutating func removeTurn(of log: LogID) {
        personal.removeAll { $0 == log }
        starting.removeAll { $0 == log }
        // Nearly always the first.
        if let index = turns.firstIndex(of: log) { turns.remove(at: index) }
    }
}
