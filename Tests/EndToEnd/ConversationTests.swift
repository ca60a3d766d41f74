import Foundation
import Testing

struct ConversationTests {
    @Test func `a conversation of two stores ends with one timeline`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma", "--device", "phone"])
        let room = try fika.run(["room", "create", "Fredagsfika", "--member", "omid"]).answer
        let question = try fika.run(["send", "#Fredagsfika", "Semlor, @omid?"]).answer
        try fika.run(["log", "export", "first.fika", "#Fredagsfika"])

        try fika.run(["init", "--user", "omid", "--join", "first.fika"], store: "omid")
        let taken = try fika.run(["log", "import", "first.fika"], store: "omid")
        #expect(taken.answer == "4 new ops of 4 in 1 logs")
        let list = try fika.run(["room", "list"], store: "omid").answer
        #expect(list.contains("#Fredagsfika") && list.contains("1 unread @1"))
        let reply = try fika.run(["reply", question, "Räksmörgås!"], store: "omid").answer
        try fika.run(["react", question, "👍"], store: "omid")
        let read = try fika.run(["read", "#Fredagsfika"], store: "omid")
        #expect(read.answer == "1 row is read now")
        try fika.run(["log", "export", "second.fika", "#Fredagsfika"], store: "omid")

        try fika.run(["log", "import", "second.fika"])
        let timeline = try fika.run(["timeline", room]).answer
        #expect(timeline.contains("omid: ↳ \(question) Räksmörgås!"))
        #expect(timeline.contains("👍 omid"))
        #expect(try fika.run(["search", "raksmorgas"]).answer.contains(reply))
        let digests = try ["emma", "omid"].map { try fika.run(["log", "digest", room], store: $0) }
        #expect(digests[0].output == digests[1].output)
        for store in ["emma", "omid"] {
            let verified = try fika.run(["log", "verify"], store: store)
            #expect(verified.status == 0 && verified.answer.hasSuffix("everything verifies"))
        }
    }

    @Test func `edits, deletes, pins and polls show what was meant`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        let room = try fika.run(["room", "create", "Köket"]).answer
        let first = try fika.run(["send", room, "Kaffe"]).answer
        let second = try fika.run(["send", room, "Fel rum"]).answer
        try fika.run(["log", "export", "a.fika"])
        try fika.run(["edit", first, "Kaffe", "nu"])
        try fika.run(["delete", second])
        try fika.run(["pin", first])
        let poll = try fika.run(["poll", "create", room, "Vad?", "Bullar", "Semlor"]).answer
        try fika.run(["poll", "vote", poll, "1"])
        try fika.run(["poll", "vote", poll, "2"])
        let timeline = try fika.run(["timeline", room]).answer
        #expect(timeline.contains("emma: Kaffe nu (edited)"))
        #expect(timeline.contains("pinned by emma"))
        #expect(timeline.contains("emma: (deleted)"))
        #expect(!timeline.contains("Fel rum"))
        let shown = try fika.run(["poll", "show", poll]).answer
        #expect(shown.contains("2  Semlor  1  emma") && shown.contains("1  Bullar  0"))
        let why = try fika.run(["why", "message", first]).answer
        #expect(why.contains("won") && why.contains("[M5]"))
        let lost = try fika.run(["why", "vote", poll, "emma"]).answer
        #expect(lost.contains("counts for 2 “Semlor”") && lost.contains("lost"))
        try fika.run(["pin", first, "--off"])
        #expect(!(try fika.run(["timeline", room]).answer.contains("pinned")))
    }

    @Test func `a private chat is one for both`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["send", "@omid", "Har du nycklarna?"])
        try fika.run(["log", "export", "a.fika", "@omid"])
        try fika.run(["init", "--user", "omid", "--join", "a.fika"], store: "omid")
        try fika.run(["send", "@emma", "Ja"], store: "omid")
        try fika.run(["log", "import", "a.fika"], store: "omid")
        let timeline = try fika.run(["timeline", "@emma"], store: "omid").answer
        #expect(timeline.contains("emma: Har du nycklarna?") && timeline.contains("omid: Ja"))
        try fika.run(["init", "--user", "vera", "--join", "a.fika"], store: "vera")
        let foreign = try fika.run(["log", "import", "a.fika"], store: "vera").answer
        #expect(foreign.contains("1 logs left out, which are not yours to read"))
    }

    @Test func `every answer in JSON decodes`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["room", "create", "Köket"])
        try fika.run(["send", "#Köket", "hej"])
        let poll = try fika.run(["poll", "create", "#Köket", "Vad?", "Bullar"]).answer
        let commands = [
            ["room", "list"], ["room", "show", "#Köket"], ["timeline", "#Köket"],
            ["search", "hej"], ["outbox"], ["log", "list"], ["log", "show", "#Köket"],
            ["log", "verify"], ["log", "stat"], ["log", "digest", "#Köket"],
            ["why", "name", "#Köket"], ["why", "member", "#Köket", "emma"],
            ["why", "message", poll], ["poll", "show", poll], ["send", "#Köket", "igen"],
            ["read", "#Köket"], ["private", "omid"],
        ]
        for command in commands {
            let result = try fika.run(command + ["--json"])
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(throws: Never.self, "\(command)") {
                try JSONSerialization.jsonObject(with: Data(result.output.utf8))
            }
        }
    }

    @Test func `a text can come from standard input`() throws {
        let fika = try Program()
        try fika.run(["init", "--user", "emma"])
        try fika.run(["room", "create", "Köket"])
        let process = fika.process(["send", "#Köket", "-"], store: "emma")
        let input = Pipe()
        process.standardInput = input
        try input.fileHandleForWriting.write(contentsOf: Data("två\nrader\n".utf8))
        try input.fileHandleForWriting.close()
        #expect(try fika.finish(process).status == 0)
        #expect(try fika.run(["timeline", "#Köket"]).output.contains("två\n"))
    }
}
