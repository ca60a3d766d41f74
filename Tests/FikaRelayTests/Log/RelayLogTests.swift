import FikaRelay
import FikaTestSupport
import Testing

@Suite struct RelayLogTests {
    @Test(arguments: RelayLogCheck.allCases)
    func `the relay's log in memory keeps the contract`(check: RelayLogCheck) throws {
        try RelayLogContract { MemoryRelayLog() }.run(check)
    }

    @Test(arguments: RelayLogCheck.allCases)
    func `the relay's log in SQLite keeps the contract`(check: RelayLogCheck) throws {
        let folder = try TemporaryFolder()
        try RelayLogContract { try TestRelayLog(folder).open() }.run(check)
    }

    @Test(arguments: OpLogCheck.allCases)
    func `the relay's log in SQLite keeps the contract of ops`(check: OpLogCheck) throws {
        // A check may ask for several logs.
        var folders: [TemporaryFolder] = []
        try OpLogContract {
            let folder = try TemporaryFolder()
            folders.append(folder)
            return EachInTransaction(try TestRelayLog(folder).open())
        }.run(check)
    }
}
