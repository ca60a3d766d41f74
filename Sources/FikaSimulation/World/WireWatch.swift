import FikaCRDT
import FikaLog

import FikaSync

/// What can be told of frames on the wire without being one of the ends.
enum WireWatch {
    static func frame(_ bytes: [UInt8]) -> Frame? {
        var decoder = FrameDecoder(limit: .full)
        decoder.append(bytes)
        return (try? decoder.next())?.frame
    }

    static func costsCredit(_ frame: Frame) -> Bool {
        switch frame {
        case .brief, .batch: true
        case .welcome, .hello, .ready, .failure, .cursors, .status, .names, .placed, .head,
            .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
            .ping, .pong, .goodbye:
            false
        }
    }

    /// Whether long frames may follow.
    static func opens(_ frame: Frame) -> Bool {
        switch frame {
        case .hello, .ready: true
        case .brief, .batch, .welcome, .failure, .cursors, .status, .names, .placed, .head,
            .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
            .ping, .pong, .goodbye:
            false
        }
    }

    /// Whether anything may change by it: signs of life do not count.
    static func moves(_ frame: Frame) -> Bool {
        switch frame {
        case .ping, .pong, .credit, .head, .synced: false
        case .brief, .batch, .welcome, .hello, .ready, .failure, .cursors, .status, .names,
            .placed, .refusal, .page, .want, .positions, .done, .haves, .ephemeral, .goodbye:
            true
        }
    }

    static func placements(of frame: Frame) -> [(LogID, Placement)] {
        switch frame {
        case .batch(let batch): batch.placements.map { (batch.log, $0) }
        case .placed(let placed): placed.placements.map { (placed.log, $0) }
        case .brief, .welcome, .hello, .ready, .failure, .cursors, .status, .names, .head,
            .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
            .ping, .pong, .goodbye:
            []
        }
    }

    /// Whether honest ends on a bad network may say this: they are slow, or fail themselves.
    static func isFair(_ failure: Failure) -> Bool {
        switch Failure.Code(rawValue: failure.code) {
        case .tooSlow, .newEpoch, .failed: true
        case .malformed, .unsupportedVersion, .notAuthentic, .notAdmitted, .unexpected, .tooLarge,
            .badOps, nil:
            false
        }
    }
}
