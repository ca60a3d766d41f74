/// Whether ops of a kind aim at another op.
package enum TargetRule: Hashable, Sendable {
    case forbidden
    case required
    case allowed
}
