package import FikaCRDT

/// The relay's signature over how far a log's order goes (rule S3).
package struct Head: Hashable, Sendable {
    package var log: LogID
    package var epoch: Epoch
    package var position: UInt64
    package var running: Digest
    package var access: Digest
    package var signature: Signature

    package init(
        log: LogID, epoch: Epoch, position: UInt64, running: Digest, access: Digest,
        signature: Signature
    ) {
        self.log = log
        self.epoch = epoch
        self.position = position
        self.running = running
        self.access = access
        self.signature = signature
    }

    /// Signs a head.
    package static func signed(
        log: LogID, epoch: Epoch, position: UInt64, running: Digest, access: Digest,
        by key: DeviceKey
    ) -> Head {
        let text = text(
            log: log, epoch: epoch, position: position, running: running, access: access)
        return Head(
            log: log, epoch: epoch, position: position, running: running, access: access,
            signature: key.sign(text))
    }

    /// Whether a relay with this key signed it.
    package func isSigned(by key: PublicKey) -> Bool {
        let text = Self.text(
            log: log, epoch: epoch, position: position, running: running, access: access)
        return key.isValid(signature, over: text)
    }

    private static func text(
        log: LogID, epoch: Epoch, position: UInt64, running: Digest, access: Digest
    ) -> [UInt8] {
        var text = HashText(.head)
        text.append(log)
        text.append(epoch.raw)
        text.append(position)
        text.append(running)
        text.append(access)
        return text.bytes
    }
}
