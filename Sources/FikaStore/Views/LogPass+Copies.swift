import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// What becomes of a re-homed op (rule M24).
    enum CopyState: Hashable {
        /// Not looked at yet.
        case new
        /// Counts, at this id.
        case stands(OpKey)
        /// Something else stands at this id for it.
        case alias(OpKey)
        case waits
        case ignored

        init(_ query: HotStatement, _ column: Int32) {
            let id = OpKey(raw: query.int(column + 1))
            switch query.int(column) {
            case 1: self = .stands(id)
            case 2: self = .alias(id)
            case 3: self = .waits
            case 4: self = .ignored
            default: self = .new
            }
        }

        var stored: (state: Int64, id: Int64) {
            switch self {
            case .new: (0, 0)
            case .stands(let id): (1, id.raw)
            case .alias(let id): (2, id.raw)
            case .waits: (3, 0)
            case .ignored: (4, 0)
            }
        }
    }

    struct Copy {
        let key: OpKey
        let bodyHash: Digest
        let position: UInt64?
        let state: CopyState
    }

    /// Writes a copy down, when access lets it in.
    func register(copy op: ViewOp) throws {
        guard let origin = op.origin,
            case .admitted = try admission(of: op, ChatKind(op.kind)), isDecodable(op)
        else { return }
        let key = try key(origin.dot)
        let insert = try HotStatement(
            db,
            """
            INSERT OR IGNORE INTO copy (op, log, origin, body_hash, position, state, id)
            VALUES (?, ?, ?, ?, ?, 0, 0)
            """)
        insert.bind(1, op.key.raw)
        insert.bind(2, context.row)
        insert.bind(3, key.raw)
        insert.bind(4, blob: origin.bodyHash.bytes)
        insert.bind(5, op.position.map { Int64($0) })
        try insert.run()
        context.origins.insert(key.raw)
    }

    /// The origins that a batch may tell something new about.
    func origins(of copies: [ViewOp], _ introduced: Set<Int64>) throws -> [OpKey] {
        var origins: Set<OpKey> = []
        for op in copies {
            if let origin = op.origin { origins.insert(try key(origin.dot)) }
        }
        for raw in context.origins where introduced.contains(OpKey(raw: raw).replica) {
            origins.insert(OpKey(raw: raw))
        }
        return origins.sorted()
    }

    /// Lets an admitted copy say what it says, if it stands.
    func putCopy(
        _ op: ViewOp, _ kind: ChatKind, _ writer: Writer, _ point: AccessPoint
    ) throws {
        guard let first = op.origin, isDecodable(op) else { return try ignore(op) }
        let origin = try key(first.dot)
        var state = try state(ofCopy: op.key)
        if state == nil {
            try register(copy: op)
            try regroup(origin: origin)
            state = try self.state(ofCopy: op.key)
        }
        guard !context.needsRebuild else { return }
        switch state ?? .ignored {
        case .stands(let id):
            try apply(op, kind, as: id, writer, point)
            if context.awaited.contains(id.raw) { context.released.append(id) }
        case .alias(let id):
            try join(op.key, to: id)
        case .waits, .new:
            try keep(op, .waiting)
        case .ignored:
            try ignore(op)
        }
    }

    /// Tells anew what becomes of the copies of an op.
    func regroup(origin: OpKey) throws {
        let copies = try copies(of: origin)
        let states = try states(of: copies, origin)
        for copy in copies {
            guard let state = states[copy.key], state != copy.state else { continue }
            switch copy.state {
            case .stands, .alias:
                if !context.isRebuilding { context.needsRebuild = true }
            case .waits, .ignored:
                context.reborn.append(copy.key)
            case .new:
                break
            }
            try store(state, of: copy.key)
        }
    }

    private func store(_ state: CopyState, of copy: OpKey) throws {
        let update = try HotStatement(db, "UPDATE copy SET state = ?, id = ? WHERE op = ?")
        update.bind(1, state.stored.state)
        update.bind(2, state.stored.id)
        update.bind(3, copy.raw)
        try update.run()
        switch state {
        case .stands(let id) where id == copy: break
        case .stands(let id), .alias(let id):
            try insertAlias(copy, for: id)
            if !context.isRebuilding, try isNamed(copy) { context.needsRebuild = true }
        case .new, .waits, .ignored: break
        }
    }

    private func states(of copies: [Copy], _ origin: OpKey) throws -> [OpKey: CopyState] {
        var states: [OpKey: CopyState] = [:]
        let held = try views.source.viewOp(origin, db)
        guard held?.origin == nil else {
            for copy in copies { states[copy.key] = .ignored }
            return states
        }
        let owner = try writer(origin.replica).introduction
        var ours: [Copy] = []
        for copy in copies {
            let own = try writer(copy.key.replica).introduction
            if let owner, owner.user != own?.user || owner.publicKey != own?.publicKey,
                !PlantedBug.believesForgedOrigins.isPlanted
            {
                states[copy.key] = .ignored
            } else {
                ours.append(copy)
            }
        }
        let counts = try held.map { try isAdmitted($0) } ?? false
        if !counts, try !mayStand(for: origin, held) {
            for copy in ours { states[copy.key] = .waits }
            return states
        }
        let sorted = try ours.map { ($0, try catalog.dot($0.key, db)) }
            .sorted {
                ($0.0.position ?? .max, $0.1) < ($1.0.position ?? .max, $1.1)
            }
            .map(\.0)
        let hash = counts ? try views.source.bodyHash(origin, db) : sorted.first?.bodyHash
        var ownRows: [Digest: OpKey] = [:]
        for (index, copy) in sorted.enumerated() {
            if index == 0, !counts {
                states[copy.key] = .stands(origin)
            } else if let id = copy.bodyHash == hash ? origin : ownRows[copy.bodyHash] {
                states[copy.key] = .alias(id)
            } else {
                ownRows[copy.bodyHash] = copy.key
                states[copy.key] = .stands(copy.key)
            }
        }
        return states
    }

    private func isAdmitted(_ op: ViewOp) throws -> Bool {
        guard let kind = ChatKind(op.kind), !kind.flags.contains(.access),
            case .admitted = try admission(of: op, kind)
        else { return false }
        return isDecodable(op)
    }

    /// Whether copies of an op that does not count itself may stand for it: what does not count
    /// where it is accepted never will.
    private func mayStand(for origin: OpKey, _ held: ViewOp?) throws -> Bool {
        if held?.position != nil { return true }
        let dot = try catalog.dot(origin, db)
        guard let close = context.history.closedBeyond(dot.replica) else { return held == nil }
        return close.seq < dot.seq
    }

    private func isDecodable(_ op: ViewOp) -> Bool {
        op.isErased
            || (try? ChatOp.decode(kind: op.kind, target: op.target, body: Array(op.body))) != nil
    }

    /// Lets a copy that does not stand be the same as what does.
    private func join(_ copy: OpKey, to id: OpKey) throws {
        context.released.append(copy)
        guard let row = try row(id) else { return }
        if row.kind == .message || row.kind == .poll, try isMarkedRead(copy) {
            try setUnread(0, row)
            try noteRead(row.key, row.time, writer(row.standing.replica))
        }
        if row.marks.contains(.doomed) {
            try condemn(copy)
            try condemnAimed(at: [copy])
        }
    }

    /// Whether a body names the copy by a key that meant nothing until now.
    private func isNamed(_ copy: OpKey) throws -> Bool {
        let query = try HotStatement(
            db,
            """
            SELECT EXISTS (SELECT 1 FROM unpinned WHERE pin = ?1)
                OR EXISTS (SELECT 1 FROM vote WHERE option = ?1)
                OR EXISTS (SELECT 1 FROM poll_text WHERE option = ?1)
                OR EXISTS (SELECT 1 FROM poll_removed WHERE option = ?1)
            """)
        query.bind(1, copy.raw)
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) != 0
    }

    private func state(ofCopy key: OpKey) throws -> CopyState? {
        let query = try HotStatement(db, "SELECT state, id FROM copy WHERE op = ?")
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return CopyState(query, 0)
    }

    private func copies(of origin: OpKey) throws -> [Copy] {
        let query = try HotStatement(
            db,
            "SELECT op, body_hash, position, state, id FROM copy WHERE origin = ? ORDER BY op")
        query.bind(1, origin.raw)
        var copies: [Copy] = []
        while try query.next() {
            guard let hash = Digest(bytes: query.bytes(1)) else {
                throw StoreError.damaged("copy \(query.int(0)) has no hash")
            }
            copies.append(
                Copy(
                    key: OpKey(raw: query.int(0)), bodyHash: hash,
                    position: try query.optionalNatural(2),
                    state: CopyState(query, 3)))
        }
        return copies
    }
}
