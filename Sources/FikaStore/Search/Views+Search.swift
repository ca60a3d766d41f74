package import GRDB

extension Views {
    /// Takes rows of the backlog into the index for search.
    ///
    /// - Returns: Whether rows are left.
    package func indexSearch(limit: Int, _ db: Database) throws -> Bool {
        try SearchIndex(db: db).index(limit: limit)
    }

    /// Merges the index into one piece, so that deleted words are in none of its pages any more,
    /// and forgets the imported names that nobody bears any more.
    ///
    /// The pages that it leaves go with a truncating checkpoint, which is the caller's to run.
    package func scrubSearch(_ db: Database) throws {
        try db.execute(sql: "INSERT INTO search (search) VALUES ('optimize')")
        try db.execute(
            sql: """
                DELETE FROM person WHERE is_user = 0 AND name <> ''
                AND id NOT IN (SELECT author FROM row WHERE kind = 31)
                """)
        people.forget()
    }
}
