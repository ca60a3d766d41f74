package import Fika

/// Says what has become of something that was written here.
package enum DeliveryText {
    /// A short mark for timelines; nil where nothing is to be said.
    package static func mark(_ delivery: Delivery) -> String? {
        switch delivery {
        case .queued: "(queued)"
        case .accepted: nil
        case .held: "(held)"
        case .refused(let reason): "(refused: \(reason))"
        }
    }

    /// One word, with the reason.
    package static func word(_ delivery: Delivery) -> String {
        switch delivery {
        case .queued: "queued"
        case .accepted: "accepted"
        case .held: "held"
        case .refused(let reason): "refused: \(reason)"
        }
    }
}
