package import FikaLog

/// The first frame: who listens here, and the challenge.
package struct Welcome: Hashable, Sendable {
    package enum Role: UInt8, Sendable {
        case relay = 0
        /// Another device, without a relay.
        case device = 1
    }

    package var lowestVersion: UInt8
    package var highestVersion: UInt8
    package var role: Role
    package var key: PublicKey
    package var epoch: Epoch
    /// Milliseconds of the listener's clock.
    package var time: UInt64
    /// What times in ``Brief`` count from on this connection: at most `time`, milliseconds.
    package var base: UInt64
    /// 16 random bytes.
    package var nonce: [UInt8]
    /// Bytes of `brief` and `batch` frames that the other end may send.
    package var credit: UInt64
    /// Whose device it is; nil exactly for a relay.
    package var user: UserID?

    package init(
        lowestVersion: UInt8 = 1, highestVersion: UInt8 = 1, role: Role, key: PublicKey,
        epoch: Epoch, time: UInt64, base: UInt64, nonce: [UInt8], credit: UInt64,
        user: UserID? = nil
    ) {
        precondition((role == .device) == (user != nil), "a device is somebody's, a relay nobody's")
        precondition(nonce.count == 16, "a nonce has 16 bytes")
        self.lowestVersion = lowestVersion
        self.highestVersion = highestVersion
        self.role = role
        self.key = key
        self.epoch = epoch
        self.time = time
        self.base = base
        self.nonce = nonce
        self.credit = credit
        self.user = user
    }
}
