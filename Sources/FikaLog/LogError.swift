package import FikaCRDT
package import FikaWire

/// Why a segment, an op or an export was not taken; nothing stored was touched.
package enum LogError: Error, Hashable, Sendable {
    /// The bytes are not what the format says.
    case malformed(WireError)
    /// The format's version is one that this build does not know.
    case unsupportedVersion(UInt8)
    /// Two ops, counts or flags of a segment contradict each other.
    case inconsistent(String)
    /// A replica writes without an introduction, or with a false one.
    case unproven(ReplicaID, reason: String)
    /// The signature at this seq does not vouch for the ops before it.
    case badSeal(ReplicaID, seq: UInt64)
    /// No seal, or one too far on, vouches for the ops from this seq on.
    case missingSeal(ReplicaID, seq: UInt64)
    /// What is handed over and what is held do not join at this seq: two branches of one replica.
    case fork(ReplicaID, seq: UInt64)
    /// An introduction or another op that is never erased was to be (rule E1).
    case notErasable(OpID)
    /// The op is not held.
    case notHeld(OpID)
}

extension LogError {
    /// Runs a decoder and says of its error that the bytes are malformed.
    package static func mapping<Value>(
        _ decode: () throws(WireError) -> Value
    ) throws(LogError) -> Value {
        do {
            return try decode()
        } catch {
            throw .malformed(error)
        }
    }
}

extension LogError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let error): "malformed at \(error)"
        case .unsupportedVersion(let version): "format version \(version) is not known here"
        case .inconsistent(let what): "it contradicts itself: \(what)"
        case .unproven(let replica, let reason): "replica \(replica) is unproven: \(reason)"
        case .badSeal(let replica, let seq):
            "the seal of replica \(replica) at op \(seq) does not vouch for its ops"
        case .missingSeal(let replica, let seq):
            "no seal of replica \(replica) vouches for op \(seq)"
        case .fork(let replica, let seq):
            "replica \(replica) has two branches from op \(seq) on; the one held stays"
        case .notErasable(let id): "op \(id) is of a kind that is never erased"
        case .notHeld(let id): "op \(id) is not held"
        }
    }
}
