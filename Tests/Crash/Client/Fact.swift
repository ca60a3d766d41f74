/// Something that is true of a store once a step returned.
struct Fact {
    let name: String
    let holds: (ClientView) -> Bool

    init(_ name: String, _ holds: @escaping (ClientView) -> Bool) {
        self.name = name
        self.holds = holds
    }
}
