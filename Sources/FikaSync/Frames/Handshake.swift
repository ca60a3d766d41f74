package import FikaLog
import FikaWire

/// What the two ends of a new connection sign (rule H2).
///
/// All bodies are those that were on the wire.
package enum Handshake {
    /// The text that who connects signs.
    package static func helloText(
        welcomeBody: [UInt8], helloBodyWithoutSignature: some Collection<UInt8>
    ) -> [UInt8] {
        var text = HashText(.hello)
        text.append(Hashes.digest(welcomeBody))
        text.append(bytes: helloBodyWithoutSignature)
        return text.bytes
    }

    /// The text that the listener signs.
    package static func readyText(welcomeBody: [UInt8], helloBody: [UInt8]) -> [UInt8] {
        var text = HashText(.ready)
        text.append(Hashes.digest(welcomeBody))
        text.append(Hashes.digest(helloBody))
        return text.bytes
    }

    /// Returns the hello with the key's signature, whatever signature it had.
    package static func signed(
        _ hello: Hello, by key: DeviceKey, welcomeBody: [UInt8]
    ) -> Hello {
        precondition(hello.key == key.publicKey, "who says hello signs it")
        var writer = ByteWriter()
        hello.encodeUnsigned(to: &writer)
        var hello = hello
        hello.signature = key.sign(
            helloText(welcomeBody: welcomeBody, helloBodyWithoutSignature: writer.bytes))
        return hello
    }

    /// Whether the key in a hello signed it, for this welcome.
    package static func isAuthentic(
        _ hello: Hello, helloBody: [UInt8], welcomeBody: [UInt8]
    ) -> Bool {
        let text = helloText(
            welcomeBody: welcomeBody,
            helloBodyWithoutSignature: helloBody.dropLast(Signature.byteCount))
        return hello.key.isValid(hello.signature, over: text)
    }

    /// Whether the key of the welcome signed the answer to this very hello.
    package static func isAuthentic(
        _ ready: Ready, by key: PublicKey, welcomeBody: [UInt8], helloBody: [UInt8]
    ) -> Bool {
        key.isValid(
            ready.signature, over: readyText(welcomeBody: welcomeBody, helloBody: helloBody))
    }
}
