import FikaLog
import FikaStore
import FikaSync

extension Workspace {
    /// Who this device is, for those that it connects to.
    func sessionIdentity(token: [UInt8] = []) throws(FikaError) -> SessionIdentity {
        do {
            let identity = try IdentityFile(folder: folder)
            return SessionIdentity(
                key: identity.device, workspace: store.profile.workspace,
                user: store.profile.user, token: token)
        } catch {
            throw FikaError(error)
        }
    }
}
