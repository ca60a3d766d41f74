/// What is fed with hostile bytes: `make fuzz` looks for inputs that break it, and a test replays
/// those that once did.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// A stream cut into frames, and each frame's body.
    case frames
    /// Both ends of a handshake, with true signatures where the input asks for them.
    case handshake
    /// The bodies of all kinds of ops.
    case ops
    /// Segments: as they come, and with hashes and seals made true, into a log and a store.
    case segments
    /// Whole sessions of a relay, a client and two devices, in the middle.
    case sessions
    /// A store's files, damaged.
    case store
    /// IRC logs and export files.
    case imports

    /// Makes what the target needs; from then on an input costs only itself.
    package func makeBench() throws -> any FuzzBench {
        switch self {
        case .frames: FrameFuzz()
        case .handshake: try HandshakeFuzz()
        case .ops: OpFuzz()
        case .segments: try SegmentFuzz()
        case .sessions: try SessionFuzz()
        case .store: try StoreFuzz()
        case .imports: try ImportFuzz()
        }
    }
}

/// Where inputs of one target are run.
package protocol FuzzBench {
    /// Inputs to begin with: each way in is shown once.
    func seeds() throws -> [[UInt8]]

    /// Runs one input, which leaves nothing behind.
    ///
    /// Whatever it throws is a finding: refusals are caught within, where they are expected.
    func run(_ bytes: [UInt8]) throws

    /// How many bytes somebody has to hand over for this input.
    func handedOver(_ bytes: [UInt8]) -> Int
}

extension FuzzBench {
    package func handedOver(_ bytes: [UInt8]) -> Int { bytes.count }

    /// The most memory that an input may take: 8 MiB and four times what is handed over.
    package func bytesAllowed(_ bytes: [UInt8]) -> Int { 8 << 20 + 4 * handedOver(bytes) }
}

/// A promise that an input broke.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws when a promise does not hold.
    static func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws {
        guard holds else { throw FuzzFinding(promise()) }
    }
}
