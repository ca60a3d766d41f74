import FikaCRDT
import FikaLog
import FikaWire

/// Makes hashes, chains and seals of damaged blocks true again, with the keys of some replicas, so
/// that the damage gets behind the checks.
struct Resealer {
    /// By replica.
    let keys: [ReplicaID: DeviceKey]
    /// What is held of these replicas, for the chains that go on.
    let log: MemoryLog

    /// What becomes more than this is not sealed again: the memory for that would be the fuzzer's.
    private static let bytesMaximum = 1 << 18

    /// Returns the block as its writers would have sealed it; nil for one that does not decode.
    ///
    /// A writer that is not known becomes one that is; who introduces itself gets a key.
    func sealed(_ block: [UInt8]) -> SealedSegment? {
        guard let damaged = try? Segment(block: block), damaged.bodies.count <= Self.bytesMaximum,
            var parts = try? BlockParts(block), !keys.isEmpty
        else { return nil }
        let writers = adopt(damaged, &parts)
        guard let segment = try? Segment(block: parts.block) else { return nil }
        let proofs = segment.runs.indices.map { proof(ofRun: $0, in: segment, keys: writers) }
        return SealedSegment(
            block: parts.block, segment: segment, cards: cards(for: segment), proofs: proofs)
    }

    /// Gives each writer a key: by replica index.
    private func adopt(_ segment: Segment, _ parts: inout BlockParts) -> [Int: DeviceKey] {
        let known = keys.keys.sorted()
        var writers: [Int: DeviceKey] = [:]
        for row in segment.rows where row.seq == 1 && row.kind == .introduction {
            let index = Int(segment.runs[Int(row.run)].replica)
            guard let said = try? Introduction(body: Array(segment.body(row))), !row.isErased
            else { continue }
            let chosen = known[Int(said.publicKey.bytes[0]) % known.count]
            let held = log.card(of: said.replica, in: segment.log)
            guard held == nil, let key = keys[chosen] else { continue }
            let start = parts.headCount + Int(row.bodyStart) + 1
            parts.rows.replaceSubrange(start..<start + 32, with: key.publicKey.bytes)
            parts.replicas[index] = Hashes.replicaID(
                publicKey: key.publicKey, incarnation: said.incarnation)
            writers[index] = key
        }
        for run in segment.runs {
            let index = Int(run.replica)
            guard writers[index] == nil else { continue }
            let replica = segment.replicas[index]
            let adopted = keys[replica] == nil ? known[index % known.count] : replica
            guard adopted == replica || !parts.replicas.contains(adopted) else { continue }
            parts.replicas[index] = adopted
            writers[index] = keys[adopted]
        }
        return writers
    }

    private func proof(
        ofRun index: Int, in segment: Segment, keys: [Int: DeviceKey]
    ) -> RunProof {
        let run = segment.runs[index]
        let replica = segment.replicas[Int(run.replica)]
        let before = chain(before: run.first, of: replica, in: segment.log)
        var chain = before
        var seals: [Seal] = []
        for row in segment.rows where Int(row.run) == index {
            chain = Hashes.chain(after: chain, opHash: segment.opHash(row))
            guard Seal.isPermanent(seq: row.seq) || row.seq == run.last,
                let key = keys[Int(run.replica)]
            else { continue }
            let text = Seal.text(log: segment.log, replica: replica, seq: row.seq, chain: chain)
            seals.append(Seal(seq: row.seq, signature: key.sign(text)))
        }
        return RunProof(before: run.first == 1 ? nil : before, seals: seals)
    }

    /// Returns what is held; what is not can be anything.
    func chain(before seq: UInt64, of replica: ReplicaID, in id: LogID) -> Digest {
        let start = Hashes.chainStart(log: id, replica: replica)
        let interval = log.have(of: replica, in: id).intervals.first {
            $0.first <= seq - 1 && seq - 1 <= $0.last
        }
        guard seq > 1, let interval else { return start }
        return (try? log.chain(of: replica, in: id, at: seq - 1, within: interval)) ?? start
    }

    private func cards(for segment: Segment) -> [Card] {
        let writers = Set(segment.runs.map { segment.replicas[Int($0.replica)] })
        return writers.sorted().compactMap { log.card(of: $0, in: segment.log) }
    }
}

extension SealedSegment {
    /// The block as it can be changed byte by byte.
    var plainBlock: [UInt8] { (try? BlockParts(block).block) ?? block }
}
