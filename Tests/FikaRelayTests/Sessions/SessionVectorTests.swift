import FikaCRDT
import FikaTestSupport
import Testing

/// The recorded sessions of `Specs/sync-protocol.md`: what each end says, in order.
@Suite struct SessionVectorTests {
    @Test func `sessions are what their vectors say`() throws {
        var file = VectorFile(title: "Sessions: Specs/sync-protocol.md")
        for (name, tape) in try RecordedSessions().sessions {
            file.add(name) { section in
                for taped in tape {
                    section.add(taped.isUp ? "client" : "relay", Hexadecimal.text(taped.bytes))
                }
            }
        }
        try file.expectRecorded(as: "sessions.txt")
    }
}
