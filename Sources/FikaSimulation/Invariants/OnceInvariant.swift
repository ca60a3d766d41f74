import FikaChat

import FikaLog

/// Nothing shows twice: each text was said once, so one row says it at most.
enum OnceInvariant {
    static func findings(_ outcome: WorldOutcome) -> [String] {
        var seen: Set<String> = []
        var findings: [String] = []
        for room in outcome.rooms {
            for row in room.result.state.rows {
                guard case .message(let text, _, _) = row.content else { continue }
                if !seen.insert(text).inserted {
                    findings.append("\(room.log) shows \(text) twice")
                }
            }
        }
        return findings
    }
}
