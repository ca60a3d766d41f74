import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
package import FikaRelay
import Testing

/// What every ``RelayLog`` must do, whatever it is kept in.
///
/// Each check starts from an empty log of its own. What it must do as an ``OpLog`` is checked by
/// ``OpLogContract`` on ``EachInTransaction``.
package struct RelayLogContract<Log: RelayLog> {
    private let make: () throws -> Log

    package init(make: @escaping () throws -> Log) {
        self.make = make
    }

    package func run(_ check: RelayLogCheck) throws {
        var log = try make()
        switch check {
        case .emptyKnowsNothing: try checkEmptyKnowsNothing(log)
        case .epoch: try checkEpoch(&log)
        case .orders: try checkOrders(&log)
        case .acceptedReplicas: try checkAcceptedReplicas(&log)
        case .placements: try checkPlacements(&log)
        case .lastPlacements: try checkLastPlacements(&log)
        case .newest: try checkNewest(&log)
        case .newestRows: try checkNewestRows(&log)
        case .notes: try checkNotes(&log)
        case .memberships: try checkMemberships(&log)
        case .rollback: try checkRollback(&log)
        }
    }

    private let log = logNumbered(1)
    private let workspace = WorkspaceID(high: 0, low: 9)

    private func digest(_ number: UInt64) -> Digest {
        Hashes.digest([UInt8(truncatingIfNeeded: number)])
    }

    private func order(_ id: LogID, position: UInt64 = 0) -> LogOrder {
        LogOrder(
            log: id, workspace: workspace, position: position, running: digest(1),
            access: digest(2))
    }

    private func replica(_ seed: UInt64, upTo last: UInt64) -> TestReplica {
        var replica = TestReplica(seed: seed, log: log)
        replica.write(upTo: last)
        return replica
    }

    private func checkEmptyKnowsNothing(_ log: Log) throws {
        let replica = replica(1, upTo: 1)
        #expect(try log.epoch() == nil)
        #expect(try log.order(of: self.log) == nil)
        #expect(try log.orders() == [])
        #expect(try log.accepted(of: replica.id, in: self.log) == nil)
        #expect(try log.acceptedReplicas(of: self.log) == [])
        #expect(try log.placements(in: self.log, positions: 1...9, limit: 9) == [])
        #expect(try log.lastPlacement(in: self.log, acceptedUntil: .max) == nil)
        #expect(try log.placements(of: replica.id, in: self.log, seqs: 1...9) == [])
        #expect(try log.newest(in: self.log, before: .maximum, limit: 9) == [])
        #expect(try log.early(in: self.log, after: 0, limit: 9) == [])
        #expect(try log.aims(at: replica.dot(1), in: self.log) == [])
    }

    private func checkEpoch(_ log: inout Log) throws {
        try log.transaction { try $0.begin(Epoch(raw: .max)) }
        #expect(try log.epoch() == Epoch(raw: .max))
        try log.transaction { try $0.begin(Epoch(raw: 3)) }
        #expect(try log.epoch() == Epoch(raw: 3))
    }

    private func checkOrders(_ log: inout Log) throws {
        let ids = [logNumbered(5), logNumbered(2), logNumbered(8)]
        try log.transaction { log in for id in ids { try log.setOrder(order(id)) } }
        #expect(try ids.map { try log.order(of: $0)?.number } == [1, 2, 3])
        #expect(try log.orders().map(\.log) == ids.sorted())
        var generator = SplitMix64(seed: 1)
        let key = DeviceKey(using: &generator)
        var changed = try #require(try log.order(of: ids[0]))
        changed.position = 12
        changed.running = digest(3)
        changed.access = digest(4)
        changed.reserved = .signed(
            log: ids[0], epoch: Epoch(raw: 5), position: 12, running: digest(5),
            access: digest(6), by: key)
        changed.acceptedAt = 1_767_603_600_000
        changed.highestTime = .maximum
        try log.transaction { try $0.setOrder(changed) }
        #expect(try log.order(of: ids[0]) == changed)
        changed.reserved = nil
        try log.transaction { try $0.setOrder(changed) }
        #expect(try log.order(of: ids[0]) == changed)
    }

    private func checkAcceptedReplicas(_ log: inout Log) throws {
        let replicas = (1...3 as ClosedRange<UInt64>).map { replica($0, upTo: 1).id }
        try log.transaction { log in
            try log.setOrder(order(self.log))
            for (index, replica) in replicas.enumerated().reversed() {
                try log.setAccepted(
                    AcceptedReplica(
                        replica: replica, number: UInt64(index + 1), last: 1, chain: digest(1)),
                    in: self.log)
            }
        }
        #expect(try log.acceptedReplicas(of: self.log).map(\.replica) == replicas)
        let closed = AcceptedReplica(
            replica: replicas[1], number: 2, last: 70, chain: digest(7), closedAt: 70)
        try log.transaction { try $0.setAccepted(closed, in: self.log) }
        #expect(try log.accepted(of: replicas[1], in: self.log) == closed)
        #expect(try log.accepted(of: replicas[1], in: logNumbered(2)) == nil)
    }

    /// Three runs with a gap of reserved positions between the second and the third.
    private func place(_ log: inout Log) throws -> [PlacedRun] {
        let (emma, omid) = (replica(1, upTo: 1).id, replica(2, upTo: 1).id)
        let runs = [
            run(emma, 1, 10, at: 1, time: 100), run(omid, 1, 1, at: 11, time: 200),
            run(emma, 11, 5, at: 20, time: 300),
        ]
        try log.transaction { log in
            try log.setOrder(order(self.log, position: 24))
            for run in runs { try log.place(run.placement, running: run.running, in: self.log) }
        }
        return runs
    }

    private func run(
        _ replica: ReplicaID, _ seq: UInt64, _ count: UInt64, at position: UInt64, time: UInt64
    ) -> PlacedRun {
        PlacedRun(
            placement: Placement(
                replica: replica, seq: seq, count: count, position: position, acceptedAt: time),
            running: digest(position))
    }

    private func checkPlacements(_ log: inout Log) throws {
        let runs = try place(&log)
        func found(_ positions: ClosedRange<UInt64>, limit: Int = 9) throws -> [PlacedRun] {
            try log.placements(in: self.log, positions: positions, limit: limit)
        }
        #expect(try found(1...100) == runs)
        #expect(try found(10...11) == Array(runs[0...1]))
        #expect(try found(5...5) == [runs[0]])
        #expect(try found(12...19) == [])
        #expect(try found(12...20) == [runs[2]])
        #expect(try found(25...100) == [])
        #expect(try found(1...100, limit: 2) == Array(runs[0...1]))
        #expect(try found(12...100, limit: 1) == [runs[2]])
        let emma = runs[0].placement.replica
        func parts(_ seqs: ClosedRange<UInt64>) throws -> [Placement] {
            try log.placements(of: emma, in: self.log, seqs: seqs)
        }
        #expect(try parts(1...15) == [runs[0].placement, runs[2].placement])
        #expect(
            try parts(9...12) == [
                run(emma, 9, 2, at: 9, time: 100).placement,
                run(emma, 11, 2, at: 20, time: 300).placement,
            ])
        #expect(try parts(16...20) == [])
    }

    private func checkLastPlacements(_ log: inout Log) throws {
        let runs = try place(&log)
        for (time, expected) in [(99, nil), (100, 0), (199, 0), (200, 1), (299, 1), (300, 2)]
            as [(UInt64, Int?)]
        {
            #expect(
                try log.lastPlacement(in: self.log, acceptedUntil: time)
                    == expected.map { runs[$0] },
                "at \(time)")
        }
        let replica = replica(3, upTo: 1).id
        try log.transaction { log in
            for number in 0..<300 as Range<UInt64> {
                let run = run(
                    replica, 1 + number * 2, 2, at: 25 + number * 2, time: 400 + number / 3)
                try log.place(run.placement, running: run.running, in: self.log)
            }
        }
        for time in 400..<510 as Range<UInt64> {
            let last = try log.lastPlacement(in: self.log, acceptedUntil: time)
            let number = min(299, (time - 400) * 3 + 2)
            #expect(last?.placement.position == 25 + number * 2, "at \(time)")
        }
    }

    private func checkNewest(_ log: inout Log) throws {
        let (emma, omid) = (replica(1, upTo: 40), replica(2, upTo: 30))
        // Written at the same times, handed over in pieces and out of order.
        try log.transaction { log in
            for range in [21...40, 1...20] as [ClosedRange<UInt64>] {
                _ = try log.append(emma.segment(range).verified())
            }
            for range in [1...10, 11...30] as [ClosedRange<UInt64>] {
                _ = try log.append(omid.segment(range).verified())
            }
        }
        let all = (emma.ops + omid.ops).sorted { $0.stamp > $1.stamp }
        for limit in [1, 7, 50, 100] {
            #expect(
                try log.newest(in: self.log, before: .maximum, limit: limit)
                    == Self.page(of: all, rows: limit))
        }
        for op in [all[3], all[30], all[69]] {
            #expect(
                try log.newest(in: self.log, before: op.time, limit: 5)
                    == Self.page(of: all.filter { $0.time < op.time }, rows: 5))
        }
    }

    private func checkNewestRows(_ log: inout Log) throws {
        var emma = replica(1, upTo: 4)
        let message = try #require(emma.ops.last)
        for _ in 0..<1030 {
            emma.write(ChatKind.pin.kind, body: [], target: message.id.dot)
        }
        emma.write("with what is aimed at it")
        emma.write(ChatKind.pin.kind, body: [], target: message.id.dot)
        try log.transaction { log in
            for first in stride(from: 1, through: emma.last, by: 1000) {
                let range = first...min(first + 999, emma.last)
                _ = try log.append(emma.segment(range).verified())
            }
        }
        let newest = emma.ops.reversed().map(\.id.dot)
        #expect(
            try log.newest(in: self.log, before: .maximum, limit: 1) == Array(newest.prefix(2)))
        #expect(
            try log.newest(in: self.log, before: .maximum, limit: 2)
                == Array(newest.prefix(Limits.pageOpsMaximum)))
    }

    /// A page of rows, the slow way.
    private static func page(of newest: [Op], rows: Int) -> [Dot] {
        let ends = newest.indices.filter { newest[$0].kind == ChatKind.message.kind }
        let count = ends.count < rows ? newest.count : ends[rows - 1] + 1
        return newest.prefix(count).map(\.id.dot)
    }

    private func checkNotes(_ log: inout Log) throws {
        let (emma, omid) = (replica(1, upTo: 1), replica(2, upTo: 1))
        let early = [
            EarlyOp(dot: emma.dot(1), position: 1), EarlyOp(dot: omid.dot(9), position: 4),
            EarlyOp(dot: emma.dot(7), position: 30),
        ]
        try log.transaction { log in
            try log.setOrder(order(self.log))
            for note in early.reversed() {
                try log.noteEarly(note.dot, at: note.position, in: self.log)
            }
            for dot in [omid.dot(3), emma.dot(8), omid.dot(2), omid.dot(3)] {
                try log.noteAim(of: dot, at: emma.dot(5), in: self.log)
            }
        }
        #expect(try log.early(in: self.log, after: 0, limit: 9) == early)
        #expect(try log.early(in: self.log, after: 1, limit: 1) == [early[1]])
        #expect(try log.early(in: self.log, after: 30, limit: 9) == [])
        #expect(
            try log.aims(at: emma.dot(5), in: self.log)
                == [emma.dot(8), omid.dot(2), omid.dot(3)].sorted())
        #expect(try log.aims(at: emma.dot(6), in: self.log) == [])
        #expect(try log.erasedImports(of: self.log) == [])
        let keys: Set = [ImportKey(raw: 0), ImportKey(raw: .max)]
        try log.transaction { log in
            for key in keys.sorted(by: { $0.raw < $1.raw }) {
                for _ in 0..<2 { try log.noteErasedImport(key, in: self.log) }
            }
        }
        #expect(try log.erasedImports(of: self.log) == keys)
        #expect(try log.erasedImports(of: logNumbered(99)) == [])
    }

    private func checkMemberships(_ log: inout Log) throws {
        let emma = try #require(UserID("emma"))
        let omid = try #require(UserID("omid"))
        let ids = [logNumbered(3), logNumbered(1)]
        try log.transaction { log in
            for id in ids {
                try log.setMembership(
                    LogMembership(log: id, isMember: true, changedAt: 5), of: emma, in: workspace)
            }
            try log.setMembership(
                LogMembership(log: ids[0], isMember: false, changedAt: 9), of: emma, in: workspace)
        }
        #expect(
            try log.memberships(of: emma, in: workspace) == [
                LogMembership(log: ids[1], isMember: true, changedAt: 5),
                LogMembership(log: ids[0], isMember: false, changedAt: 9),
            ])
        #expect(try log.memberships(of: omid, in: workspace) == [])
        #expect(try log.memberships(of: emma, in: WorkspaceID(high: 0, low: 8)) == [])
    }

    /// Ends a transaction on purpose.
    private struct Stop: Error {}

    private func checkRollback(_ log: inout Log) throws {
        let emma = replica(1, upTo: 20)
        let runs = try place(&log)
        let before = try RelayDump(of: log)
        #expect(throws: Stop.self) {
            try log.transaction { log in
                _ = try log.append(emma.segment(1...20).verified())
                try log.begin(Epoch(raw: 7))
                try log.setOrder(order(self.log, position: 30))
                try log.setOrder(order(logNumbered(2)))
                try log.setAccepted(
                    AcceptedReplica(replica: emma.id, number: 1, last: 20, chain: digest(1)),
                    in: self.log)
                try log.place(
                    run(emma.id, 16, 5, at: 25, time: 400).placement, running: digest(1),
                    in: self.log)
                try log.noteEarly(emma.dot(1), at: 1, in: self.log)
                try log.noteAim(of: emma.dot(1), at: emma.dot(2), in: self.log)
                throw Stop()
            }
        }
        #expect(try RelayDump(of: log) == before)
        #expect(try log.placements(in: self.log, positions: 1...99, limit: 9) == runs)
        // What was remembered of rows that are gone does no harm.
        try log.transaction { log in
            _ = try log.append(replica(3, upTo: 70).segment(1...70).verified())
            _ = try log.append(emma.segment(1...20).verified())
        }
        #expect(try log.ops(of: emma.id, in: self.log, seqs: 1...20) == emma.ops)
    }
}

/// The checks of ``RelayLogContract``, to be the arguments of one test.
package enum RelayLogCheck: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case emptyKnowsNothing = "an empty log knows nothing"
    case epoch = "the epoch is the one that was begun last"
    case orders = "logs are numbered as they come, and their order is what was written last"
    case acceptedReplicas = "accepted replicas are given by number"
    case placements = "R1: placements are found by positions and by ops, over gaps"
    case lastPlacements = "R6: the last placement up to a time is found"
    case newest = "D2: the newest ops are those with the newest stamps, however they came"
    case newestRows = "D2: a page has so many rows and what is aimed at them, in bounds"
    case notes = "early ops are given by position, aims by target"
    case memberships = "memberships are those written last"
    case rollback = "a transaction that fails leaves nothing, neither stored nor remembered"

    package var testDescription: String { rawValue }
}
