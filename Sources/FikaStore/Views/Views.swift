import GRDB
import FikaLog
package final class Views {
    init(catalog: Catalog, source: any OpSource, viewer: UserID) {}
    func apply(_ ops: [ViewOp], _ db: Database) throws {}
    func accept(_ a: [Acceptance], _ db: Database) throws {}
    func forget() {}
    func rebuild(log: Int64, _ db: Database) throws {}
}
extension Migration1 { static let views = "" }
