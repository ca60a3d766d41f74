package import FikaLog

/// The listener's end of the handshake.
package enum ListenerHandshake {
    /// Checks that a hello answers this welcome and is signed by the key that it names.
    ///
    /// - Parameters:
    ///   - hello: What came.
    ///   - body: The hello's bytes as they came.
    ///   - welcomeBody: The welcome's bytes as they were sent.
    /// - Returns: Why not; nil when it holds.
    package static func failure(
        of hello: Hello, body: [UInt8], welcomeBody: [UInt8]
    ) -> Failure? {
        guard hello.version == CallerHandshake.version else {
            return Failure(.unsupportedVersion, "version 1 is spoken here")
        }
        guard Handshake.isAuthentic(hello, helloBody: body, welcomeBody: welcomeBody) else {
            return Failure(.notAuthentic, "the hello's signature does not hold")
        }
        return nil
    }

    /// Signs the answer to a hello.
    package static func ready(
        _ outcome: Ready.Outcome, key: DeviceKey, welcomeBody: [UInt8], helloBody: [UInt8]
    ) -> Ready {
        let text = Handshake.readyText(welcomeBody: welcomeBody, helloBody: helloBody)
        return Ready(outcome: outcome, signature: key.sign(text))
    }
}
