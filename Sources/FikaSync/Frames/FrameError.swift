package import FikaWire

/// What is wrong with a frame that somebody sent: the connection ends.
package enum FrameError: Error, Hashable, Sendable {
    /// The body is not of its form; offsets count from its start.
    case malformed(WireError)
    /// The frame's length is above its limit.
    case tooLarge(length: UInt64, limit: UInt64)
    /// A critical frame of a type that is not known here.
    case unknownType(UInt8)
    /// A number that was never told on this connection.
    case unknownName(UInt64)

    /// What the other end is told.
    package var code: Failure.Code {
        switch self {
        case .malformed: .malformed
        case .tooLarge: .tooLarge
        case .unknownType, .unknownName: .unexpected
        }
    }
}

extension FrameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let error): "a malformed frame, \(error)"
        case .tooLarge(let length, let limit):
            "a frame of \(length) bytes, above the limit of \(limit)"
        case .unknownType(let type): "a frame of the unknown type \(type)"
        case .unknownName(let number): "the number \(number), which was never told"
        }
    }
}
