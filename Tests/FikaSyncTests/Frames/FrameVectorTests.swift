import FikaCRDT
import FikaSync
import FikaTestSupport
import Testing

/// The vectors of frames: `Specs/sync-protocol.md` says how to read them.
///
/// A section has `frame`, whole, and what comes of it: its fields, or the failure's `error`.
@Suite struct FrameVectorTests {
    @Test func `frames give the fields and failures of the vectors`() throws {
        var file = VectorFile(title: "Frames: Specs/sync-protocol.md")
        for (name, frame) in FrameVectors.frames {
            let bytes = frame.encode()
            let decoded = try decode(bytes)
            #expect(decoded == frame)
            file.add(name) { section in
                section.add("frame", Hexadecimal.text(bytes))
                for line in FrameFields(frame).lines { section.add(line.key, line.value) }
            }
        }
        for (name, bytes) in FrameVectors.bad {
            let error = #expect(throws: FrameError.self, "\(name)") { try decode(bytes) }
            file.add("bad: " + name) { section in
                section.add("frame", Hexadecimal.text(bytes))
                if let error { section.add("error", "\(error.code)") }
            }
        }
        try file.expectRecorded(as: "frames.txt")
    }

    @Test func `there is a vector of each type, and its bytes decode to its fields`() throws {
        let file = try VectorFile(contentsOf: Fixtures.path("vectors/frames.txt"))
        var types: Set<FrameType> = []
        for section in file.sections where !section.name.hasPrefix("bad: ") {
            let hex = try #require(section.values("frame").first)
            let bytes = try #require(Hexadecimal.bytes(hex))
            let frame = try #require(try decode(bytes))
            types.insert(frame.type)
            let fields = section.lines.dropFirst()
            #expect(fields.elementsEqual(FrameFields(frame).lines, by: ==), "\(section.name)")
        }
        #expect(types.count == FrameType.allCases.count)
    }

    private func decode(_ bytes: [UInt8]) throws(FrameError) -> Frame? {
        var decoder = FrameDecoder(limit: .full)
        decoder.append(bytes)
        return try decoder.next()?.frame
    }
}
