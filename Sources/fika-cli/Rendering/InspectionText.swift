package import Fika

/// Renders what a look into the op log shows.
package struct InspectionText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// Logs with their replicas, what is held of each, and sizes.
    package func logs(_ logs: [LogEntry]) -> String {
        guard !logs.isEmpty else { return "no logs yet" }
        return logs.map(log).joined(separator: "\n\n")
    }

    private func log(_ log: LogEntry) -> String {
        let name = log.name.isEmpty ? "" : " “\(PlainText.oneLine(log.name))”"
        let perOp = log.bytesPerOp.map { " (\(Self.decimal($0)) B an op)" } ?? ""
        var lines = [
            style.bold("\(log.id.short) \(log.kind)\(name)"),
            "  \(log.sealedCount) ops in \(log.segmentCount) segments, \(log.unsealedCount) "
                + "unsealed; \(log.blockBytes) B\(perOp), seals and introductions "
                + "\(log.proofBytes) B",
        ]
        for replica in log.replicas { lines.append("  " + self.replica(replica)) }
        return lines.joined(separator: "\n")
    }

    private func replica(_ replica: LogEntry.Replica) -> String {
        let haves = replica.haves.map { "\($0.lowerBound)-\($0.upperBound)" }
        var words = [replica.id.prefix(6) + "", PlainText.oneLine(replica.user ?? "a relay")]
        if replica.isOwn { words.append("(own)") }
        if replica.isImport { words.append("(import)") }
        words.append(haves.isEmpty ? "nothing sealed" : "has \(haves.joined(separator: ","))")
        if replica.unsealedCount > 0 { words.append("+ \(replica.unsealedCount) unsealed") }
        words.append("\(replica.sealCount) seals")
        return words.joined(separator: " ")
    }

    /// A line for each op.
    package func ops(_ ops: [OpEntry], showsBytes: Bool) -> String {
        guard !ops.isEmpty else { return "no ops" }
        var table = Table()
        for op in ops {
            table.add(
                op.id.short, style.time(op.time), op.kind, PlainText.oneLine(op.user ?? "relay"),
                Self.state(op), op.target.map { "→ \($0.short)" } ?? "",
                PlainText.short(op.summary, 60), showsBytes ? Self.hex(op.body) : "")
        }
        return table.text
    }

    /// What a verification found.
    package func verification(_ found: Verification) -> String {
        var lines = [
            "\(found.ops) ops in \(found.segments) segments of \(found.logs) logs, "
                + "\(found.replicas) replicas, \(found.seals) seals",
            "\(found.unsealed) unsealed; erased \(found.erasuresDone), "
                + "to be erased \(found.erasuresPending)",
        ]
        lines += found.problems.map { style.bad("problem: \(PlainText.oneLine($0))") }
        lines.append(
            found.isGood
                ? style.good("everything verifies")
                : style.bad("\(found.problems.count) problems"))
        return lines.joined(separator: "\n")
    }

    /// Sizes and counts.
    package func statistics(_ store: StoreStatistics) -> String {
        var lines = [
            "workspace  \(store.workspace)", "user       \(PlainText.oneLine(store.user))",
            "file       \(store.fileBytes) B",
            "rooms      \(store.rooms), rows \(store.rows)",
            "ops        \(store.sealed) sealed (\(store.blockBytes) B), "
                + "\(store.unsealed) unsealed", "",
        ]
        var table = Table()
        for kind in store.kinds {
            table.add("  \(kind.kind)", "\(kind.count)", "\(kind.bodyBytes) B")
        }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }

    /// The ops behind something, with what came of each.
    package func explanation(_ explanation: Explanation) -> String {
        var lines = [
            "\(PlainText.oneLine(explanation.subject)): \(PlainText.oneLine(explanation.result))"
        ]
        var table = Table()
        for step in explanation.steps {
            table.add(
                "  \(step.verdict.rawValue)", step.op.id.short, style.time(step.op.time),
                PlainText.oneLine(step.op.user ?? "relay"), step.op.kind,
                PlainText.short(step.op.summary, 40),
                "[\(step.rule)] \(PlainText.oneLine(step.reason))")
        }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }

    private static func state(_ op: OpEntry) -> String {
        switch op.state {
        case .unsealed: "unsealed"
        case .pending: "pending"
        case .accepted(let position): "#\(position)"
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    private static func decimal(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
