package import FikaLog

/// What a holder must know of a kind to handle its ops; `Specs/kinds.md` is the table.
package struct KindFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Sent before all else.
    package static let early = KindFlags(rawValue: 1)
    /// Folded into who may.
    package static let access = KindFlags(rawValue: 2)
    /// Free text: the body is hashed with a salt and can be erased.
    package static let salted = KindFlags(rawValue: 4)
    /// Written by a relay alone.
    package static let relay = KindFlags(rawValue: 8)
    /// A holder that does not know it must not write into the log.
    package static let critical = KindFlags(rawValue: 16)

    /// The numbers that say of themselves that they are critical.
    package static let criticalNumbers: ClosedRange<UInt16> = 0x4000...0x7FFF

    /// The flags of any kind; an unknown one can only be critical, by its number.
    package init(of kind: Kind) {
        if let known = ChatKind(kind) {
            self = known.flags
        } else {
            self = Self.criticalNumbers.contains(kind.number) ? .critical : []
        }
    }
}
