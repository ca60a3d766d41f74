import FikaChat

extension LogKind {
    /// The number that the views store for a log's kind.
    var stored: Int64 {
        switch self {
        case .unknown: 0
        case .room(let kind): Int64(kind.rawValue)
        case .privateChat: 16
        case .personal: 17
        case .directory: 18
        }
    }

    init(stored: Int64) {
        switch stored {
        case 16: self = .privateChat
        case 17: self = .personal
        case 18: self = .directory
        default: self = RoomKind(rawValue: UInt8(clamping: stored)).map { .room($0) } ?? .unknown
        }
    }
}
