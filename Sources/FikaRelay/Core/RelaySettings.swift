package import FikaLog
import FikaSync

/// What a relay is told at start.
package struct RelaySettings: Sendable {
    /// Whether devices may connect from beyond loopback (rule H3).
    package var allowsRemote: Bool
    /// Keys of earlier relays whose order this one goes on with, and whose closes it believes.
    package var succeeded: [PublicKey]
    /// Bytes of ops that a connection may have under way to the relay.
    package var uplinkCredit: UInt64
    /// Bytes of ops that the relay sends at most to a connection before more credit comes; at least
    /// 64 KiB, because clients give nothing back before.
    package var downlinkCredit: UInt64
    /// Logs whose state is kept in memory.
    package var cachedLogs: Int
    /// Requests of one connection that wait for their answers.
    package var waitingRequests: Int
    /// Ops that a user may hand in at once, after handing in few for a while (rule U4).
    package var opsAtOnce: UInt64
    /// Ops a second that a user may hand in for ever.
    package var opsPerSecond: UInt64

    package init(
        allowsRemote: Bool = false, succeeded: [PublicKey] = [],
        uplinkCredit: UInt64 = 4 << 20, downlinkCredit: UInt64 = 4 << 20,
        cachedLogs: Int = 4096, waitingRequests: Int = 256,
        opsAtOnce: UInt64 = 2_000_000, opsPerSecond: UInt64 = 5000
    ) {
        self.allowsRemote = allowsRemote
        self.succeeded = succeeded
        self.uplinkCredit = uplinkCredit
        self.downlinkCredit = max(downlinkCredit, CreditGiven.largestDebt)
        self.cachedLogs = cachedLogs
        self.waitingRequests = waitingRequests
        self.opsAtOnce = opsAtOnce
        self.opsPerSecond = opsPerSecond
    }
}
