/// The second byte of a row's head; `Specs/segment.md` lists the bits.
struct RowFlags: OptionSet {
    let rawValue: UInt8

    static let runChanges = RowFlags(rawValue: 1)
    static let hasTarget = RowFlags(rawValue: 2)
    static let hasOrigin = RowFlags(rawValue: 4)
    static let isSalted = RowFlags(rawValue: 8)
    static let isErased = RowFlags(rawValue: 16)
    static let hasTime = RowFlags(rawValue: 32)
    static let hasCounter = RowFlags(rawValue: 64)

    static let all = RowFlags(rawValue: 127)
}
