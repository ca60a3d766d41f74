import FikaSync

extension Workspace {
    /// Syncs with a relay once: until nothing is missing here and all that is queued was sent.
    ///
    /// In a process that does not hold the store the link of the holder does it, and this waits.
    ///
    /// - Parameters:
    ///   - address: Where the relay listens.
    ///   - token: What the relay asks for before it lets a device in.
    ///   - progress: Told how the link stands, as it changes.
    /// - Returns: What came of it. There is one attempt to connect. Where the relay does not know a
    ///   room and this store does not have what made it, what is for it waits, and the sync ends.
    public func sync(
        with address: RelayAddress, token: [UInt8] = [],
        progress: @escaping @Sendable (Link.State) -> Void = { _ in }
    ) async -> SyncOutcome {
        guard access == .holder else { return await syncThroughHolder() }
        let link = connect(to: address, token: token)
        let outcome = await settle(link, progress) { await self.outcome(of: $0) }
        await end(link)
        return outcome
    }

    /// Syncs with another device of the workspace once, without a relay.
    ///
    /// What it writes and holds comes here, as far as this user may read it, and the other way
    /// round. It is told about nothing that a relay has accepted, and accepts nothing.
    ///
    /// - Parameters:
    ///   - address: Where the other device serves.
    ///   - progress: Told how the link stands, as it changes.
    /// - Returns: What came of it. There is one attempt to connect.
    public func sync(
        withDevice address: RelayAddress,
        progress: @escaping @Sendable (Link.State) -> Void = { _ in }
    ) async -> SyncOutcome {
        guard access == .holder else {
            return .refused(FikaError(.storeInUse, "another process holds the store"))
        }
        let link = link(to: address) { latest, identity in
            SyncCarrier(
                self, to: address, latest: latest, isAllSent: { $0.hasSentAll }
            ) { nonce in
                PeerSession.calling(as: identity, nonce: nonce)
            }
        }
        let outcome = await settle(link, progress) { await $0.hasSentAll() ? .complete : nil }
        await end(link)
        return outcome
    }

    /// Ends a link that was made for one sync.
    func end(_ link: Link) async {
        await link.disconnect()
        links.remove(link)
    }

    /// Waits until a link is up to date and something has come of it, or until that will not be.
    private func settle(
        _ link: Link, _ progress: @escaping @Sendable (Link.State) -> Void,
        _ outcome: @escaping @Sendable (Link) async -> SyncOutcome?
    ) async -> SyncOutcome {
        await withTaskGroup(of: SyncOutcome?.self) { group in
            group.addTask {
                for await state in link.states {
                    progress(state)
                    switch state {
                    case .offline:
                        return link.failure.map { .refused($0) } ?? .unreachable
                    case .refused(let error): return .refused(error)
                    case .connecting, .syncing: break
                    case .upToDate: if let outcome = await outcome(link) { return outcome }
                    }
                }
                return nil
            }
            group.addTask {
                for await _ in self.changes.observe() where link.state == .upToDate {
                    if let outcome = await outcome(link) { return outcome }
                }
                return nil
            }
            let outcome = await group.next() ?? nil
            group.cancelAll()
            return outcome ?? .cancelled
        }
    }

    /// What has come of a link that is up to date; nil while something is on its way.
    private func outcome(of link: Link) async -> SyncOutcome? {
        do {
            let queued = try await read { try $0.queuedRooms() }
            // What others wrote goes up last, and is in no outbox.
            guard await link.hasSentAll() else { return nil }
            return Self.outcome(queued: queued, unknown: link.unknownRooms)
        } catch {
            return .refused(error)
        }
    }

    /// Refused and held items are not queued: they wait for a person.
    private static func outcome(queued: [RoomID], unknown: [RoomID]) -> SyncOutcome? {
        if queued.isEmpty { return .complete }
        return Set(queued).isSubset(of: unknown) ? .waiting(for: queued) : nil
    }

    /// Has the holder's link try now, and waits for it.
    private func syncThroughHolder() async -> SyncOutcome {
        var attemptsLeft = 50
        do {
            var reports = try await linkReports(.wakeLinks)
            while !Task.isCancelled {
                let phases = reports.map(\.phase)
                guard !phases.isEmpty else {
                    return .refused(
                        FikaError(.storeInUse, "another process holds the store and has no link"))
                }
                if phases.contains(.upToDate) {
                    let queued = try await read { try $0.queuedRooms() }
                    let unknown = reports.flatMap(\.unknownRooms)
                    if let outcome = Self.outcome(queued: queued, unknown: unknown) {
                        return outcome
                    }
                }
                if let refused = reports.first(where: { $0.phase == .refused }) {
                    return .refused(FikaError(.refused, refused.reason ?? "the link is refused"))
                }
                if phases.allSatisfy({ $0 == .offline }) {
                    attemptsLeft -= 1
                    if attemptsLeft == 0 { return .unreachable }
                }
                guard (try? await timing.sleep(.milliseconds(50))) != nil else { break }
                reports = try await linkReports(.reportLinks)
            }
            return .cancelled
        } catch {
            return .refused(error)
        }
    }

    private func linkReports(_ command: Command) async throws(FikaError) -> [LinkReport] {
        guard case .links(let reports) = try await perform(command) else { return [] }
        return reports
    }
}
