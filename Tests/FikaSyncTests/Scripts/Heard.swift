import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// Frames as they come: over their bytes.
func heard(_ frames: [Frame]) throws -> [DecodedFrame] {
    var decoder = FrameDecoder(limit: .full)
    return try frames.map { frame in
        decoder.append(frame.encode())
        return try #require(try decoder.next())
    }
}

extension [SessionAction] {
    /// The frames to send, in order.
    var sent: [Frame] {
        compactMap { if case .send(let frame) = $0 { frame } else { nil } }
    }

    /// The batches to send, in order.
    var batches: [Batch] {
        sent.compactMap { if case .batch(let batch) = $0 { batch } else { nil } }
    }

    var briefs: [Brief] {
        sent.compactMap { if case .brief(let brief) = $0 { brief } else { nil } }
    }

    /// The code with which the session failed; nil when it did not.
    var failure: Failure.Code? {
        for case .fail(let failure) in self { return Failure.Code(rawValue: failure.code) }
        return nil
    }
}
