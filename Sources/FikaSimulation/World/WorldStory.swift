/// What happened in a world without what followed from it: acts and faults by their number.
package struct WorldStory: Sendable {
    /// How many acts and faults began.
    package private(set) var eventCount = 0
    /// The line that each began with.
    package private(set) var lines: [String] = []
    private var isOpen = false

    /// An act or a fault begins; what is noted next says which.
    mutating func begin(_ number: Int) {
        eventCount = number
        isOpen = true
    }

    mutating func add(_ time: UInt64, _ line: String) {
        guard isOpen else { return }
        isOpen = false
        lines.append("\(time) \(line)")
    }

    mutating func end() { isOpen = false }
}
