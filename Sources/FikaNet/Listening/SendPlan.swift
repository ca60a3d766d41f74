/// Puts together what goes to the same connections: one write of many frames costs hardly more
/// than one write of one.
///
/// What each connection gets, and in which order, is what was asked for.
package struct SendPlan: Sendable {
    /// Something for each loop to do.
    package enum Step: Hashable, Sendable {
        case send([UInt8], to: [ConnectionID])
        case admit(ConnectionID)
        case close(ConnectionID)
    }

    package private(set) var steps: [Step] = []
    /// The sends that more can be added to: no member of theirs was told anything since.
    private var growing: [Int] = []

    /// More than so many are not kept growing.
    private static let growingMaximum = 8
    /// A send of more bytes than this gains nothing by growing.
    private static let bytesMaximum = 256 * 1024

    package init(_ actions: [ListenerAction]) {
        steps.reserveCapacity(actions.count)
        for action in actions {
            switch action {
            case .send(let bytes, let recipients): send(bytes, to: recipients)
            case .admit(let id): add(.admit(id), for: [id])
            case .close(let id): add(.close(id), for: [id])
            }
        }
    }

    private mutating func send(_ bytes: [UInt8], to recipients: [ConnectionID]) {
        guard !recipients.isEmpty else { return }
        for index in growing where grow(index, bytes, recipients) { return }
        add(.send(bytes, to: recipients), for: recipients)
        if growing.count == Self.growingMaximum { growing.removeFirst() }
        growing.append(steps.count - 1)
    }

    /// Adds to a step that has the same recipients.
    private mutating func grow(
        _ index: Int, _ bytes: [UInt8], _ recipients: [ConnectionID]
    ) -> Bool {
        guard case .send(var held, let members) = steps[index], members == recipients,
            held.count + bytes.count <= Self.bytesMaximum
        else { return false }
        // Let go of the array in the step, or each append would copy it.
        steps[index] = .send([], to: members)
        held += bytes
        steps[index] = .send(held, to: members)
        return true
    }

    private mutating func add(_ step: Step, for recipients: [ConnectionID]) {
        growing.removeAll { index in
            guard case .send(_, let members) = steps[index] else { return true }
            return members.contains { recipients.contains($0) }
        }
        steps.append(step)
    }
}
