/// The eight bytes that begin each hashed or signed text, so that none can pass for another (S1).
package enum HashDomain: String, CaseIterable, Sendable {
    case workspace = "fika:ws1"
    case replica = "fika:rp1"
    case roomLog = "fika:lr1"
    case derivedLog = "fika:ld1"
    case body = "fika:bd1"
    case op = "fika:op1"
    case chainStart = "fika:cs1"
    case chain = "fika:ch1"
    case seal = "fika:sl1"
    case importKey = "fika:im1"
    case timeline = "fika:tl1"
    case runningStart = "fika:rs1"
    case running = "fika:rh1"
    case runningAccess = "fika:ra1"
    case head = "fika:hd1"
    case cursor = "fika:cu1"
    case hello = "fika:he1"
    case ready = "fika:re1"

    /// The eight bytes, as a big-endian number.
    package var word: UInt64 { rawValue.utf8.reduce(0) { $0 << 8 | UInt64($1) } }

    /// The eight bytes.
    package var prefix: [UInt8] { Array(rawValue.utf8) }
}
