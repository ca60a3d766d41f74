import FikaLog
import FikaTestSupport
import Testing

@Suite struct MemoryLogTests {
    @Test(arguments: OpLogCheck.allCases)
    func `the log in memory keeps the contract`(check: OpLogCheck) throws {
        try OpLogContract { MemoryLog() }.run(check)
    }
}
