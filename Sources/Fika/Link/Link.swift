import FikaCRDT
import FikaNet
public import Foundation

/// A lasting connection to a relay: it comes back by itself until it is told to end.
///
/// Nothing of it throws: how it stands is a ``State`` to look at, and what becomes of each
/// message is its ``Delivery``.
///
/// ```swift
/// let link = fika.connect(to: .relay("relay.example"))
/// for await state in link.states { show(state) }
/// ```
public final class Link: Sendable {
    /// Where it leads.
    public let address: RelayAddress
    private let latest: LatestValue<State>
    private let carrier: any LinkCarrier

    /// How a link stands.
    public enum State: Equatable, Sendable {
        /// There is no connection; the next attempt comes at this time, when it is known.
        case offline(nextAttempt: Date?)
        /// The relay was called and has not answered yet.
        case connecting
        /// Of what is missing here, so much has come; both are 0 while that is not known.
        case syncing(done: Int, total: Int)
        /// Nothing that the relay has is missing; what is new comes as it is written.
        case upToDate
        /// The relay does not want this connection; only ``Link/wake()`` tries again.
        case refused(FikaError)
    }

    init(address: RelayAddress, latest: LatestValue<State>, carrier: any LinkCarrier) {
        self.address = address
        self.latest = latest
        self.carrier = carrier
    }

    /// How it stands now.
    public var state: State { latest.value }

    /// How it stands, as it changes; it ends when the link does.
    public var states: Observed<State> { Observed(latest).withoutRepetitions }

    /// Tries now, instead of waiting: after a change of the network, or when a person wants it.
    public func wake() {
        carrier.wake()
    }

    /// Ends the link; what is not sent stays in the outbox.
    public func disconnect() async {
        await carrier.close()
        latest.finish()
    }

    /// Whether all that the other end lacked is on its way; of a relay the outbox tells.
    func hasSentAll() async -> Bool {
        await carrier.hasSentAll()
    }

    /// Why this end last could not store or read; nil where it always could.
    var failure: FikaError? { carrier.failure }

    /// Rooms that the relay of this connection does not know, for which something waits here.
    var unknownRooms: [RoomID] { state == .upToDate ? carrier.unknownRooms : [] }

    /// There is something new to send.
    func noteLocalChanges() {
        carrier.noteLocalChanges()
    }

    /// Asks for a page that is missing here.
    func fill(_ log: LogID, before time: HybridTime, rows: Int) {
        carrier.fill(log, before: time, rows: rows)
    }

    /// Says something that is never stored.
    func say(_ utterance: Utterance) {
        carrier.say(utterance)
    }
}

/// What a link runs on.
protocol LinkCarrier: Sendable {
    var failure: FikaError? { get }
    var unknownRooms: [RoomID] { get }
    func wake()
    func noteLocalChanges()
    func say(_ utterance: Utterance)
    func fill(_ log: LogID, before time: HybridTime, rows: Int)
    func hasSentAll() async -> Bool
    func close() async
}

/// The link of a process that may not have one.
struct NoCarrier: LinkCarrier {
    var failure: FikaError? { nil }
    var unknownRooms: [RoomID] { [] }

    func wake() {}
    func noteLocalChanges() {}
    func say(_ utterance: Utterance) {}
    func fill(_ log: LogID, before time: HybridTime, rows: Int) {}
    func hasSentAll() async -> Bool { false }
    func close() async {}
}
