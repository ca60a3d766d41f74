/// The part of the house that a Swift file stands in.
enum Area: Hashable, Sendable {
    /// No I/O, no clock, no tasks.
    case pure
    /// A library with effects.
    case edge
    case program
    case tests
    case benchmarks
    /// The manifest.
    case package

    static let pureTargets: Set<Substring> = ["FikaCRDT", "FikaWire", "FikaLog", "FikaChat"]
    static let programs: Set<Substring> = ["fika-cli"]

    init(components: [Substring]) {
        let target = components.dropFirst().first ?? ""
        switch components.first {
        case "Sources" where Area.pureTargets.contains(target): self = .pure
        case "Sources" where Area.programs.contains(target): self = .program
        case "Sources": self = .edge
        case "Tests": self = .tests
        case "Benchmarks": self = .benchmarks
        case .some, .none: self = .package
        }
    }
}
