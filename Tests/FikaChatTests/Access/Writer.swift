import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport

/// One device, or a relay, that writes into a log.
struct Writer: Hashable {
    let introduction: Introduction

    /// Makes the writer whose key comes of a number; without a name it is a relay.
    init(_ number: UInt8, _ name: String?, preimage: LogPreimage? = nil) {
        guard let key = DeviceKey(seed: [UInt8](repeating: number, count: 32)),
            let incarnation = Incarnation(bytes: [UInt8](repeating: number, count: 16))
        else { preconditionFailure("any 32 bytes are a seed") }
        introduction = Introduction(
            role: name == nil ? .relay : .user, publicKey: key.publicKey,
            incarnation: incarnation, user: name.map { user($0) }, deviceName: "d\(number)",
            preimage: preimage)
    }

    var replica: ReplicaID { introduction.replica }
    var key: PublicKey { introduction.publicKey }
    var author: AccessAuthor { AccessAuthor(introduction) }

    static let ann = Writer(1, "ann")
    static let bo = Writer(2, "bo")
    static let eva = Writer(3, "eva")
    static let omid = Writer(4, "omid")
    static let relay = Writer(9, nil)
    static let strangeRelay = Writer(10, nil)
}
