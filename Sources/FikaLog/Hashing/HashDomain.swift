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

    /// Starts a text of this domain.
    package var prefix: [UInt8] { Array(rawValue.utf8) }
}
