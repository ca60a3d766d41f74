import FikaCRDT

/// Sixteen random bytes, drawn per replica and log, so that a device never writes twice as one.
package struct Incarnation: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Creates an incarnation from exactly 16 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    package init(using generator: inout some RandomNumberGenerator) {
        guard !PlantedBug.drawsReplicasAlike.isPlanted else {
            bytes = Array(0..<16)
            return
        }
        bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
