import FikaLog

import FikaSync

/// Two devices that are connected without a relay, both ends as the network sees them.
struct WorldMeeting {
    struct End {
        let client: Int
        var session: PeerSession
        /// What comes in here.
        var incoming = WorldPipe()
        var decoder: FrameDecoder
    }

    /// The one that called, then the one that listens.
    var ends: [End]
    /// Milliseconds that bytes take, one way.
    let delay: ClosedRange<UInt64>
}
