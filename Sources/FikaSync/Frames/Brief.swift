package import FikaCRDT
package import FikaLog

/// One op in the fewest bytes, for an end that holds the op before it of the same replica.
package struct Brief: Hashable, Sendable {
    package var log: ShortName<LogSubject>
    /// The position's low 7 bits, and 0 from a client: the receiver is at the one before.
    package var positionLow: UInt8
    /// Milliseconds from the op's time to its acceptance; 0 from a client.
    package var acceptedAfter: Int64
    package var replica: ShortName<ReplicaSubject>
    package var seq: UInt64
    package var kind: Kind
    /// Milliseconds from the connection's base to the op's time.
    package var time: Int64
    package var counter: UInt16
    package var target: Target?
    package var salt: Salt?
    /// A log whose id the body starts with; the 16 bytes are then left out of `body`.
    package var bodyLog: UInt64?
    package var body: [UInt8]
    /// Over the op.
    package var seal: Signature

    package struct Target: Hashable, Sendable {
        package var replica: ShortName<ReplicaSubject>
        package var seq: UInt64

        package init(replica: ShortName<ReplicaSubject>, seq: UInt64) {
            self.replica = replica
            self.seq = seq
        }
    }

    package init(
        log: ShortName<LogSubject>, positionLow: UInt8 = 0, acceptedAfter: Int64 = 0,
        replica: ShortName<ReplicaSubject>, seq: UInt64, kind: Kind, time: Int64,
        counter: UInt16, target: Target?, salt: Salt?, bodyLog: UInt64? = nil, body: [UInt8],
        seal: Signature
    ) {
        self.log = log
        self.positionLow = positionLow
        self.acceptedAfter = acceptedAfter
        self.replica = replica
        self.seq = seq
        self.kind = kind
        self.time = time
        self.counter = counter
        self.target = target
        self.salt = salt
        self.bodyLog = bodyLog
        self.body = body
        self.seal = seal
    }
}
