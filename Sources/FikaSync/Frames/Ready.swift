package import FikaLog

/// The relay's first answer: its signature over the transcript, and what it makes of the summary.
package struct Ready: Hashable, Sendable {
    package enum Outcome: UInt8, Sendable {
        /// The sums are equal: nothing is new.
        case equal = 0
        /// The logs that changed follow; nothing else has.
        case changesFollow = 1
        /// The other end is to send its cursors.
        case cursorsWanted = 2
        /// Between devices: both send what they have.
        case havesFollow = 3
    }

    package var outcome: Outcome
    package var signature: Signature

    package init(outcome: Outcome, signature: Signature) {
        self.outcome = outcome
        self.signature = signature
    }
}
