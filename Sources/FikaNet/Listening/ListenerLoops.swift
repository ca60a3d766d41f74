import NIOCore
import Synchronization

/// The event loops of a listener, and what goes between them and the consumer's queue.
final class ListenerLoops: Sendable {
    private struct Part {
        let eventLoop: any EventLoop
        /// Made on its loop when it is used first.
        let state: NIOLoopBoundBox<ListenerLoop?>
    }

    private let parts: [Part]
    private let indices: [ObjectIdentifier: Int]
    private let inbox: Inbox<ListenerEvent>
    private let connectionsMaximum: Int
    private let connections = Atomic(0)

    init(_ group: any EventLoopGroup, inbox: Inbox<ListenerEvent>, connectionsMaximum: Int) {
        let parts = group.makeIterator().map { eventLoop in
            Part(eventLoop: eventLoop, state: .makeEmptyBox(eventLoop: eventLoop))
        }
        self.parts = parts
        indices = Dictionary(
            uniqueKeysWithValues: parts.enumerated().map { index, part in
                (ObjectIdentifier(part.eventLoop), index)
            })
        self.inbox = inbox
        self.connectionsMaximum = connectionsMaximum
    }

    /// Readies a channel that was accepted, on its loop; one too many is closed.
    func add(_ channel: any Channel) throws {
        guard let index = indices[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("a connection is accepted on a loop of the listener's group")
        }
        let count = connections.add(1, ordering: .relaxed).newValue
        guard count <= connectionsMaximum else {
            connections.subtract(1, ordering: .relaxed)
            throw ChannelError.outputClosed
        }
        try channel.pipeline.syncOperations.addHandler(loop(index).makeHandler())
    }

    private func loop(_ index: Int) -> ListenerLoop {
        if let loop = parts[index].state.value { return loop }
        let loop = ListenerLoop(index: index, of: parts.count) { [inbox] event in
            inbox.add(event)
        } closed: { [weak self] in
            self?.connections.subtract(1, ordering: .relaxed)
        }
        parts[index].state.value = loop
        return loop
    }

    /// Lets each loop do its part of what the consumer wants, and tells it what was taken.
    func perform(_ actions: [ListenerAction], after events: [ListenerEvent]) {
        var steps = Array(repeating: [LoopStep](), count: parts.count)
        for step in SendPlan(actions).steps {
            switch step {
            case .send(let bytes, let recipients): add(bytes, recipients, to: &steps)
            case .admit(let id): steps[index(of: id)].append(.admit(id))
            case .close(let id): steps[index(of: id)].append(.close(id))
            }
        }
        for case .received(let id, let group) in events {
            steps[index(of: id)].append(.taken(id, byteCount: group.byteCount))
        }
        for (index, steps) in steps.enumerated() where !steps.isEmpty {
            parts[index].eventLoop.execute { [self] in loop(index).perform(steps) }
        }
    }

    private func add(
        _ bytes: [UInt8], _ recipients: [ConnectionID], to steps: inout [[LoopStep]]
    ) {
        let buffer = ByteBuffer(bytes: bytes)
        var byLoop = Array(repeating: [ConnectionID](), count: parts.count)
        for id in recipients { byLoop[index(of: id)].append(id) }
        for (index, members) in byLoop.enumerated() where !members.isEmpty {
            steps[index].append(.send(buffer, to: members))
        }
    }

    private func index(of id: ConnectionID) -> Int {
        ListenerLoop.index(of: id, of: parts.count)
    }

    /// Closes all connections after what was sent, and returns when they are gone.
    func endAll() async {
        let done = parts.indices.map { index in
            let eventLoop = parts[index].eventLoop
            return eventLoop.flatSubmit { [self] in loop(index).endAll(on: eventLoop) }
        }
        for future in done { try? await future.get() }
    }
}
