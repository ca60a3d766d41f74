package import FikaCRDT

/// How a frame names a log or a replica: by the relay's number, or in full (rule B2).
package enum ShortName<Subject>: Hashable, Sendable {
    /// At least 1.
    case number(UInt64)
    case id(Identifier<Subject>)
}

/// The relay tells which numbers stand for a log and some of its replicas.
///
/// The numbers are the same on every connection of one epoch; each connection is told them before
/// they are used there.
package struct Names: Hashable, Sendable {
    package var log: LogID
    package var number: UInt64
    package var replicas: [ReplicaNumber]

    package struct ReplicaNumber: Hashable, Sendable {
        package var number: UInt64
        package var replica: ReplicaID

        package init(number: UInt64, replica: ReplicaID) {
            self.number = number
            self.replica = replica
        }
    }

    package init(log: LogID, number: UInt64, replicas: [ReplicaNumber]) {
        self.log = log
        self.number = number
        self.replicas = replicas
    }
}
