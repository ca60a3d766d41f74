import FikaCRDT
import FikaChat

/// The row of the room list: what is shown of a log without looking into it.
struct LogSummary {
    /// A text that the later write wins.
    struct Register {
        var text = ""
        var time: HybridTime = .zero
        var op: OpKey?
    }

    var kind: LogKind = .unknown
    var isMember = false
    var isReadOnly = false
    var name = Register()
    var about = Register()
    var lastTime: HybridTime = .zero
    var lastRow: OpKey?
    var rows: Int64 = 0
    var unread: Int64 = 0
    var mentions: Int64 = 0
    var readTime: HybridTime = .zero
    /// The latest row that the viewer has read.
    var readRow: OpKey?
}
