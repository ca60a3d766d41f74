public import Foundation

/// What has become of something that was written here.
public enum Delivery: Hashable, Sendable, Codable {
    /// On disk here, on its way.
    case queued
    /// Final: the relay took it at this time.
    case accepted(at: Date)
    /// It waits for a person's decision.
    case held
    /// It will never count; the text is kept.
    case refused(reason: String)
}
