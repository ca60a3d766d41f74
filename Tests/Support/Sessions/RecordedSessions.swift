import FikaSimulation
package import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import Testing

/// Whole sessions between clients and a relay, frame by frame, with what both were before each.
package struct RecordedSessions {
    package private(set) var sessions: [(name: String, tape: [RelayStage.Taped])] = []
    package let stage: RelayStage
    /// The room that they talk in.
    package let room: LogID

    /// Two people: a room is made and shared, talked in, left for a while and come back to.
    package init() throws {
        var stage = try RelayStage()
        let emma = MemoryHolder(
            user: try #require(UserID("emma")), seed: 1, workspace: stage.workspace,
            now: stage.now)
        let omid = MemoryHolder(
            user: try #require(UserID("omid")), seed: 2, workspace: stage.workspace,
            now: stage.now)
        let emmas = try stage.connect(emma)
        let omids = try stage.connect(omid)
        let omidsID = omid.user
        let room = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fredagsfika")
            holder.grant(omidsID, in: room)
            holder.say("Kanelbullar eller semlor?", in: room)
            return room
        }
        sessions.append(("a new room goes up", stage.takeTape(of: emmas)))
        _ = try stage.write(emmas) { $0.say("Eller tårta?", in: room) }
        sessions.append(("a fresh device, and one live op", stage.takeTape(of: omids)))
        let away = try stage.disconnect(omids)
        let idle = try stage.connect(away)
        sessions.append(("an idle reconnect", stage.takeTape(of: idle)))
        var offline = try stage.disconnect(idle)
        offline.say("Semlor!", in: room)
        _ = try stage.write(emmas) { $0.say("Var är du?", in: room) }
        let back = try stage.connect(offline)
        sessions.append(("back with one message, and one behind", stage.takeTape(of: back)))
        self.stage = stage
        self.room = room
    }
}
