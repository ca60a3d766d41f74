import FikaCRDT
import FikaChat
import FikaLog

/// Which admitted op stands at which id: copies stand for their origins (M24), equal imported lines
/// are one (M23).
struct ModelIdentity {
    private let admission: ModelAdmission
    /// The ops that stand, by the id that they stand at.
    private(set) var standing: [Dot: ModelOp] = [:]
    /// Other ids of what stands: of copies, dropped copies and equal imported lines.
    private(set) var otherIDs: [Dot: Dot] = [:]
    /// What became of those that do not stand.
    private(set) var outcomes: [Dot: ModelOutcome] = [:]
    /// Imported rows of which one op or another was erased.
    private(set) var erasedLines: Set<Dot> = []

    init(_ admission: ModelAdmission) {
        self.admission = admission
        var copies: [Dot: [ModelOp]] = [:]
        var imported: [ModelOp] = []
        for op in admission.admitted {
            if let origin = op.op.origin {
                copies[origin.dot, default: []].append(op)
            } else if op.kind == .imported {
                imported.append(op)
            } else {
                standing[op.dot] = op
            }
        }
        for origin in copies.keys.sorted() { place(copies[origin] ?? [], of: origin) }
        placeImported(imported)
    }

    /// The row id that a dot stands for.
    func resolve(_ dot: Dot) -> Dot { otherIDs[dot] ?? dot }

    /// All ids under which the op at a row id is known.
    func ids(of id: Dot) -> [Dot] {
        [id] + otherIDs.keys.filter { otherIDs[$0] == id }.sorted()
    }

    // MARK: Copies

    private mutating func place(_ copies: [ModelOp], of origin: Dot) {
        let original = admission.log.ops[origin]
        let originalCounts = admission.isAdmitted(origin)
        let ours = copies.filter { isByOwner($0, of: origin) }
        for copy in copies where !isByOwner(copy, of: origin) { outcomes[copy.dot] = .ignored }
        let state = originalCounts ? nil : stateOfCopies(of: origin, original)
        if let state {
            for copy in ours { outcomes[copy.dot] = state }
            return
        }
        let sorted = ours.sorted(by: ModelOp.isEarlierCopy)
        guard let first = sorted.first else { return }
        let standingHash =
            originalCounts ? original?.op.bodyHash : first.op.origin?.bodyHash
        if !originalCounts {
            standing[origin] = first
            otherIDs[first.dot] = origin
        }
        var ownRows: [Digest: Dot] = [:]
        for copy in originalCounts ? sorted : Array(sorted.dropFirst()) {
            guard let hash = copy.op.origin?.bodyHash else { continue }
            if let row = hash == standingHash ? origin : ownRows[hash] {
                otherIDs[copy.dot] = row
                outcomes[copy.dot] = .alias
            } else {
                ownRows[hash] = copy.dot
                standing[copy.dot] = copy
            }
        }
    }

    private func isByOwner(_ copy: ModelOp, of origin: Dot) -> Bool {
        guard let owner = admission.log.introduction(of: origin.replica),
            let writer = admission.log.introduction(of: copy.dot.replica)
        else { return true }
        return owner.user == writer.user && owner.publicKey == writer.publicKey
    }

    /// Nil when copies of an origin that does not count itself may stand for it.
    private func stateOfCopies(of origin: Dot, _ original: ModelOp?) -> ModelOutcome? {
        if original?.held.position != nil { return nil }
        if let close = admission.access.lowestClose(of: origin.replica) {
            return close < origin.seq ? nil : .waiting
        }
        return original == nil ? nil : .waiting
    }

    // MARK: Imported lines

    private mutating func placeImported(_ ops: [ModelOp]) {
        var groups: [[UInt8]: [ModelOp]] = [:]
        for op in ops {
            switch run(of: op) {
            case .failure(let stop):
                outcomes[op.dot] = stop.outcome
            case .success(let run):
                if let key = key(of: op, run) {
                    groups[key, default: []].append(op)
                } else {
                    standing[op.dot] = op
                    erasedLines.insert(op.dot)
                }
            }
        }
        for group in groups.values.map({ $0.sorted { $0.write < $1.write } }) {
            standing[group[0].dot] = group[0]
            if group.contains(where: { $0.op.body == nil }) { erasedLines.insert(group[0].dot) }
            for copy in group.dropFirst() {
                otherIDs[copy.dot] = group[0].dot
                outcomes[copy.dot] = .alias
            }
        }
    }

    struct Stop: Error {
        let outcome: ModelOutcome
    }

    func run(of op: ModelOp) -> Result<ImportRun, Stop> {
        let dot = Dot(replica: op.dot.replica, seq: 2)
        guard let second = admission.log.ops[dot] else { return .failure(Stop(outcome: .waiting)) }
        guard second.kind == .importRun else { return .failure(Stop(outcome: .ignored)) }
        guard admission.isAdmitted(dot), case .says(.importRun(let run)) = second.body else {
            return .failure(Stop(outcome: .waiting))
        }
        return .success(run)
    }

    func key(of op: ModelOp, _ run: ImportRun) -> [UInt8]? {
        switch op.body {
        case .erased(_, let residue):
            return residue.count == 8 ? residue : nil
        case .says(.imported(let line)):
            return ModelImportKey.bytes(log: admission.log.id, run: run, time: op.op.time, line)
        case .says, .malformed, .unsupported:
            preconditionFailure("only imported ops that decode have a key")
        }
    }
}
