import FikaSync
import FikaTestSupport
import Testing

@Suite struct MemoryHolderTests {
    @Test(arguments: SyncHolderCheck.allCases)
    func `the holder in memory keeps to the contract`(_ check: SyncHolderCheck) throws {
        let contract = try SyncHolderContract {
            try ClientScript.holder("emma", seed: 1)
        }
        try contract.run(check)
    }
}
