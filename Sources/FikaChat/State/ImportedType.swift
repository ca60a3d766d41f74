/// What an imported line was; the raw value is the number in the format.
package enum ImportedType: UInt8, Sendable, CaseIterable {
    case message = 0
    case action = 1
    case notice = 2
    case event = 3
}
