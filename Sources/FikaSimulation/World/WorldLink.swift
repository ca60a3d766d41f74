import FikaCRDT
import FikaLog
import FikaNet

import FikaSync

/// A connection between a client and the relay, as the network sees it.
struct WorldLink {
    enum End: String {
        case client
        case relay

        var other: End { self == .client ? .relay : .client }
    }

    /// One end of it, and what its sender may still send (rule D6).
    struct Side {
        /// What comes in here.
        var incoming = WorldPipe()
        var decoder = FrameDecoder()
        var isOpen = true
        /// Bytes of ops that this end may send, by what it has been told.
        var credit: Int64 = 0
        /// What this end sends arrives after that only.
        var isUnheardUntil: UInt64 = 0
        /// Until then what this end sends trickles.
        var isCloggedUntil: UInt64 = 0
    }

    let id: ConnectionID
    let client: Int
    var clientSide = Side()
    var relaySide = Side()
    /// Milliseconds that bytes take, one way.
    var delay: ClosedRange<UInt64>
    /// Logs of which the client showed how far the relay had signed them.
    var broughtHeads: Set<LogID> = []
    enum Tampering {
        case no
        case due
        case done
    }

    /// Whether somebody changes what the client sends.
    var tampering = Tampering.no
    /// Whether it broke; then nothing that is sent from now on arrives.
    var isCut = false

    /// What was sent and is not there yet, both ways.
    var bytesInFlight: Int { clientSide.incoming.byteCount + relaySide.incoming.byteCount }

    subscript(end: End) -> Side {
        get { end == .client ? clientSide : relaySide }
        set { if end == .client { clientSide = newValue } else { relaySide = newValue } }
    }
}

extension WorldLink.Side {
    /// Takes in frames, the failure of those that are none.
    mutating func decode(_ bytes: [UInt8]) -> (frames: [DecodedFrame], failure: Failure?) {
        decoder.append(bytes)
        var frames: [DecodedFrame] = []
        do {
            while let next = try decoder.next() {
                frames.append(next)
                note(next.frame)
            }
        } catch {
            return (frames, Failure(error.code, error.description))
        }
        return (frames, nil)
    }

    /// What came changes what the next frame may be and what may be sent.
    private mutating func note(_ frame: Frame) {
        switch frame {
        case .welcome(let welcome): credit += Int64(welcome.credit)
        case .hello(let hello):
            credit += Int64(hello.credit)
            decoder.limit = .full
        case .ready: decoder.limit = .full
        case .credit(let bytes): credit += Int64(bytes)
        case .failure, .cursors, .status, .names, .brief, .batch, .placed, .head, .refusal,
            .page, .want, .positions, .done, .haves, .synced, .ephemeral, .ping, .pong, .goodbye:
            break
        }
    }
}
