import FikaSync

extension LinkDriver {
    func lookWhetherSettled() {
        guard mayBeSettled, !settling.isEmpty, session != nil, state.value == .upToDate else {
            return
        }
        mayBeSettled = false
        do {
            // A device accepts nothing: what was sent to it stays pending.
            if try Session.self is PeerSession.Type || holder.pending().isEmpty {
                settle(.upToDate)
            }
        } catch {
            failed(error)
        }
    }

    func settle(_ state: LinkState) {
        let waiting = settling
        settling = []
        for continuation in waiting { continuation.resume(returning: state) }
    }
}
