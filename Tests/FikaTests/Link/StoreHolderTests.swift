import Fika
import FikaTestSupport
import Testing

/// What a session asks of its holder, asked of a real store.
@Suite struct StoreHolderTests {
    @Test(arguments: SyncHolderCheck.allCases)
    func `a store does what a session's holder must do`(_ check: SyncHolderCheck) throws {
        var stores: [TestStore] = []
        let contract = try SyncHolderContract {
            let test = try TestStore(user: "emma", seed: UInt64(stores.count) + 1)
            stores.append(test)
            return StoreHolder(test.store)
        }
        try contract.run(check)
    }
}
