package import FikaCRDT
package import FikaLog

/// Who connects: a device of a user, in a workspace.
package struct SessionIdentity: Sendable {
    package let key: DeviceKey
    package let workspace: WorkspaceID
    package let user: UserID
    /// Where an admission token is asked for; empty otherwise.
    package let token: [UInt8]

    package init(
        key: DeviceKey, workspace: WorkspaceID, user: UserID, token: [UInt8] = []
    ) {
        self.key = key
        self.workspace = workspace
        self.user = user
        self.token = token
    }
}
