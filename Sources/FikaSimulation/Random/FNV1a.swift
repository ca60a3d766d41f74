/// The 64-bit hash FNV-1a (Fowler, Noll and Vo): short, and the same on every machine.
package struct FNV1a: Hashable, Sendable {
    package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
