/// What happened in a world without what followed from it: acts and faults.
package struct WorldStory: Sendable {
    /// What each of them did, one a line.
    package private(set) var lines: [String] = []
    private var isOpen = false
    /// Whether anything was noted of the one that is open.
    private var hasLine = false

    /// An act or a fault begins; what is noted until its end says which.
    mutating func begin() {
        isOpen = true
        hasLine = false
    }

    /// What begins with a number is what a connection made of it.
    mutating func add(_ time: UInt64, _ line: String) {
        guard isOpen, line.first?.isNumber == false else { return }
        if hasLine {
            lines[lines.count - 1] += ", \(line)"
        } else {
            lines.append("\(time) \(line)")
        }
        hasLine = true
    }

    mutating func end() { isOpen = false }
}
