package import FikaCRDT
package import FikaLog

/// Whose store it is: written when it is made, never changed.
package struct StoreProfile: Hashable, Sendable {
    package let workspace: WorkspaceID
    package let user: UserID
    /// Shown to others in introductions.
    package let deviceName: String
    package let publicKey: PublicKey

    package init(
        workspace: WorkspaceID, user: UserID, deviceName: String, publicKey: PublicKey
    ) {
        self.workspace = workspace
        self.user = user
        self.deviceName = deviceName
        self.publicKey = publicKey
    }

    /// What the id of the user's personal log is derived from.
    package var personalLog: LogPreimage {
        LogPreimage(workspace: workspace, kind: .personal, users: [user])
    }

    /// The id of the user's personal log.
    package var personalLogID: LogID { Hashes.derivedLogID(personalLog) }
}
