/// Something that a rule does not allow, at one place.
struct Finding: Hashable, Sendable {
    let path: String
    /// Counted from 1; nil when the finding concerns the whole file.
    let line: Int?
    /// What is wrong and what to do instead.
    let message: String

    init(_ path: String, line: Int? = nil, _ message: String) {
        self.path = path
        self.line = line
        self.message = message
    }
}

extension Finding: CustomStringConvertible {
    var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return "\(place): \(message)"
    }
}
