import FikaCRDT
import FikaChat
import FikaLog

/// What the viewer's personal log says: read marks and flags (rule M19).
struct ModelPersonal {
    private let log: LogID
    private var marks: [ReplicaID: [ClosedRange<UInt64>]] = [:]
    private var flagWrites: [(log: LogID, write: ModelWrite, flag: LogFlag)] = []

    init(_ input: ModelInput) {
        log = input.log
        guard let id = input.personal.first?.op.id.log else { return }
        let personal = ModelLog(id: id, held: input.personal)
        guard let preimage = personal.preimage, preimage.kind == .personal,
            preimage.users == [input.viewer]
        else { return }
        for (_, op) in ModelJudgement(log: personal, trustedRelays: input.trustedRelays).counting {
            switch op.body {
            case .says(.readMark(let mark)) where mark.log == input.log:
                for one in mark.marks {
                    marks[one.replica, default: []] += one.seqs.intervals
                }
            case .says(.flag(let flag)):
                flagWrites.append((flag.log, op.write, flag))
            case .says, .erased, .malformed, .unsupported:
                break
            }
        }
    }

    func isRead(_ dot: Dot) -> Bool {
        (marks[dot.replica] ?? []).contains { $0.contains(dot.seq) }
    }

    /// Writes come in their order, so the last word stays.
    func flags(of log: LogID) -> Set<LogFlag.Name> {
        var flags: Set<LogFlag.Name> = []
        for (named, _, flag) in flagWrites where named == log {
            if flag.isOn { flags.insert(flag.name) } else { flags.remove(flag.name) }
        }
        return flags
    }
}
