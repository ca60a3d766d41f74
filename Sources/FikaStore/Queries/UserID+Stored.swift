import FikaLog

extension UserID {
    /// Reads a name of the table of persons that is a user's.
    init(stored text: String) throws {
        guard let user = UserID(text) else {
            throw StoreError.damaged("a person's name is no user id")
        }
        self = user
    }
}
