import GRDB
import FikaLog
import FikaChat
package final class Views {
    init(catalog: Catalog, source: any OpSource, viewer: UserID) {}
    func apply(_ ops: [ViewOp], _ db: Database) throws {}
    func accept(_ a: [Acceptance], _ db: Database) throws {}
    func forget() {}
    func rebuild(log: Int64, _ db: Database) throws {}
    func replaceBody(_ op: ViewOp, _ db: Database) throws {}
    func void(_ op: ViewOp, _ db: Database) throws {}
    func holds(_ key: ImportKey, log: Int64, _ db: Database) throws -> Bool { false }
    func isReadOnly(log: Int64, _ db: Database) throws -> Bool { false }
    func history(ofLog log: Int64, _ db: Database) throws -> AccessHistory {
        AccessFold(log: try Catalog().log(log, db)).history(of: [])
    }
    func author(ofRow key: OpKey, _ db: Database) throws -> Author? { nil }
}
extension Migration1 { static let views = "" }
