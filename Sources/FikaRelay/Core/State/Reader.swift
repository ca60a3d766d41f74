import FikaCRDT
import FikaLog

/// Who reads: a user within a workspace.
struct Reader: Hashable, Sendable {
    var workspace: WorkspaceID
    var user: UserID
}
