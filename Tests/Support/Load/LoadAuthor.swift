import FikaSimulation
package import FikaCRDT
package import FikaLog

/// One of the people of the load: a device with its key and its replica.
package struct LoadAuthor: Sendable {
    package let user: UserID
    package let key: DeviceKey
    package let introduction: Introduction
    package let replica: ReplicaID
    /// The seq of the latest op.
    var seq: UInt64 = 0

    init(number: Int, using generator: inout SplitMix64) {
        let digits = String(number)
        guard let user = UserID("user" + String(repeating: "0", count: 2 - digits.count) + digits)
        else { preconditionFailure("a short name is a user's id") }
        self.user = user
        key = DeviceKey(using: &generator)
        introduction = Introduction(
            publicKey: key.publicKey, incarnation: Incarnation(using: &generator), user: user,
            deviceName: "laptop", preimage: nil)
        replica = introduction.replica
    }
}
