import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport

/// The user that tests call by this name.
func user(_ name: String) -> UserID {
    guard let user = UserID(name) else { preconditionFailure("\(name) is no user's name") }
    return user
}

/// A digest of 32 equal bytes.
func digest(_ byte: UInt8) -> Digest {
    guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
        preconditionFailure("a digest has 32 bytes")
    }
    return digest
}

/// The op of the replica that tests call by this number.
func dot(_ replica: Int, _ seq: UInt64) -> Dot {
    Dot(replica: replicaNumbered(replica), seq: seq)
}

func write(_ milliseconds: UInt64, _ replica: Int = 1, seq: UInt64 = 1) -> Write {
    Write(
        stamp: Stamp(
            time: HybridTime(milliseconds: milliseconds), replica: replicaNumbered(replica)),
        seq: seq)
}
