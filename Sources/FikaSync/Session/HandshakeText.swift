import FikaLog
import FikaWire

/// The texts that both ends sign (rule H2).
enum HandshakeText {
    static func hello(welcomeBody: [UInt8], unsignedHello: [UInt8]) -> [UInt8] {
        var text = HashText(.hello)
        text.append(Hashes.digest(welcomeBody))
        text.append(bytes: unsignedHello)
        return text.bytes
    }

    static func ready(welcomeBody: [UInt8], helloBody: [UInt8]) -> [UInt8] {
        var text = HashText(.ready)
        text.append(Hashes.digest(welcomeBody))
        text.append(Hashes.digest(helloBody))
        return text.bytes
    }
}
