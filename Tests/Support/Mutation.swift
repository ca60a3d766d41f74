package import FikaSimulation

extension SplitMix64 {
    /// Damages bytes as transport, disks and strangers do: flips, cuts, doubles, fills, inserts.
    ///
    /// One to four damages; the result may by chance equal the input.
    package mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<number(in: 1...4) { damageOnce(&bytes) }
        return bytes
    }

    private mutating func damageOnce(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(truncatingIfNeeded: next())) }
        let place = number(in: 0..<bytes.count)
        let end = min(bytes.count, place + number(in: 1...16))
        switch number(in: 0..<8) {
        case 0, 1: bytes[place] ^= 1 << number(in: UInt8(0)...7)
        case 2: bytes[place] = pick([0, 1, 0x7F, 0x80, 0xFF])
        case 3: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.removeSubrange(place..<end)
        case 6: bytes.insert(contentsOf: Array(bytes[place..<end]), at: number(in: 0..<bytes.count))
        default: bytes.insert(contentsOf: self.bytes(count: 1...8), at: place)
        }
    }
}
