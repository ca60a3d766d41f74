/// What a store shows, asked for once.
struct ClientView {
    let rows: Rows
    let person: Person
    let isReadable: Bool

    init(_ person: Person) throws {
        self.person = person
        let result = try person.run(["timeline", "#Köket", "--limit", "1000", "--json"], .changes)
        if let complaint = result.complaint { throw Trouble("timeline: \(complaint)") }
        isReadable = result.isDone
        rows = Rows(result.output)
    }
}
