import FikaCRDT
import FikaLog
import FikaWire
import Testing

@Suite struct LogErrorTests {
    private static let replica = ReplicaID(high: 1, low: 2)

    @Test(arguments: [
        (
            LogError.malformed(.truncated(offset: 48)),
            "malformed at byte 48: the bytes end too early"
        ),
        (.unsupportedVersion(9), "format version 9 is not known here"),
        (
            .missingSeal(replica, seq: 7),
            "no seal of replica 00000000000000010000000000000002 vouches for op 7"
        ),
    ])
    func `an error says what is wrong and where`(error: LogError, words: String) {
        #expect("\(error)" == words)
    }
}
