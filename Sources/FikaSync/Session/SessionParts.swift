/// What both kinds of session are made of and do alike.
protocol SessionParts {
    var isEnded: Bool { get }
    var isOpen: Bool { get }
    var life: LifeSigns { get set }
    var inbound: Inbound { get set }
    var lastPhase: SessionPhase? { get set }

    /// From now on nothing is said or listened to.
    mutating func end()
}

extension SessionParts {
    static var unexpected: Violation { Violation(.unexpected, "this frame is not allowed now") }

    /// Carries an event out; whatever goes wrong ends the session.
    mutating func guarded(
        _ body: (inout Self, inout [SessionAction]) throws -> Void
    ) throws -> [SessionAction] {
        guard !isEnded else { return [] }
        var out: [SessionAction] = []
        do {
            try body(&self, &out)
        } catch let violation as Violation {
            inbound.drop()
            end()
            out.append(.fail(violation.failure))
        } catch {
            end()
            throw error
        }
        return out
    }

    /// Asks whether the other end is there still; ends the session where it is not.
    mutating func checkLife(now: UInt64, _ out: inout [SessionAction]) throws {
        switch life.tick(now: now, isHandshaking: !isOpen) {
        case .fine: break
        case .ask(let token): out.append(.send(.ping(token)))
        case .silent:
            end()
            out.append(.closed(.silent))
        case .handshakeTooSlow:
            throw Violation(.tooSlow, "the handshake took too long")
        }
    }

    /// Tells of a phase, once.
    mutating func tell(_ phase: SessionPhase) -> [SessionAction] {
        guard !isEnded, phase != lastPhase else { return [] }
        lastPhase = phase
        return [.phase(phase)]
    }
}
