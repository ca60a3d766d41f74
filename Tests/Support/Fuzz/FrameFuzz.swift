import FikaCRDT
import FikaSync

/// Frames: the first byte is the type of the body that follows, or how a stream is cut.
struct FrameFuzz: FuzzBench {
    func seeds() throws -> [[UInt8]] {
        let file = try VectorFile(contentsOf: Fixtures.path("vectors/frames.txt"))
        var seeds: [[UInt8]] = []
        for section in file.sections {
            for frame in section.values("frame").compactMap({ Hexadecimal.bytes($0) }) {
                seeds.append([0xFF] + frame)
                seeds.append([0x98] + frame + frame)
                var decoder = FrameDecoder(limit: .full)
                decoder.append(frame)
                if let decoded = try? decoder.next() {
                    seeds.append([decoded.frame.type.rawValue] + decoded.frame.body)
                }
            }
        }
        return seeds
    }

    func run(_ bytes: [UInt8]) throws {
        guard let head = bytes.first else { return }
        if let type = FrameType(rawValue: head) {
            try take(type, Array(bytes.dropFirst()))
        } else {
            let piece = head & 0x80 == 0 ? Int(head & 0x3F) + 1 : bytes.count
            try take(
                bytes.dropFirst(), piece: piece, limit: head & 0x40 == 0 ? .handshake : .full)
        }
    }

    private func take(_ type: FrameType, _ body: [UInt8]) throws {
        guard let frame = try? Frame(type: type, body: body) else { return }
        try FuzzFinding.require(frame.body == body, "\(type) has two forms")
        try FuzzFinding.require(frame.type == type, "\(type) decodes as \(frame.type)")
    }

    private func take(_ bytes: ArraySlice<UInt8>, piece: Int, limit: FrameLimit) throws {
        var decoder = FrameDecoder(limit: limit)
        var rest = bytes
        do throws(FrameError) {
            while !rest.isEmpty {
                decoder.append(rest.prefix(piece))
                rest = rest.dropFirst(piece)
                while let decoded = try decoder.next() {
                    guard decoded.frame.byteCount == decoded.byteCount else {
                        throw .tooLarge(length: .max, limit: 0)
                    }
                }
            }
        } catch .tooLarge(length: .max, limit: 0) {
            throw FuzzFinding("a frame is counted otherwise than it came")
        } catch {
            try FuzzFinding.require(decoder.bufferedCount == 0, "an ended stream is kept")
            return
        }
        try FuzzFinding.require(
            decoder.bufferedCount <= min(limit.byteCount + 5, bytes.count), "too much is kept")
    }
}
