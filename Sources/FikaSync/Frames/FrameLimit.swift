import FikaLog

/// How long the frames are that an end takes (rule Y1).
package enum FrameLimit: Sendable {
    /// Until the handshake is done.
    case handshake
    case full

    /// Bytes after the length.
    package var byteCount: Int {
        switch self {
        case .handshake: Limits.handshakeBytesMaximum
        case .full: Limits.frameBytesMaximum
        }
    }
}
