import FikaStore
import GRDB

/// The tables of a relay's database; the ops lie in the same ones as in a client's store.
enum RelaySchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: Migration1.ops)
            try db.execute(sql: first)
        }
        return migrator
    }

    /// The first format of what a relay knows beside the ops: its order.
    private static let first = """
        CREATE TABLE log_order (
            log INTEGER PRIMARY KEY REFERENCES log,
            number INTEGER NOT NULL UNIQUE,
            workspace BLOB NOT NULL,
            position INTEGER NOT NULL,
            running BLOB NOT NULL,
            access BLOB NOT NULL,
            reserved BLOB, -- the head that was taken over
            first_given INTEGER, -- the first position given in the present epoch
            accepted_at INTEGER NOT NULL, -- milliseconds
            highest_time INTEGER NOT NULL -- raw
        ) STRICT;

        CREATE TABLE accepted (
            replica INTEGER PRIMARY KEY REFERENCES replica,
            log INTEGER NOT NULL REFERENCES log,
            number INTEGER NOT NULL,
            last INTEGER NOT NULL,
            chain BLOB NOT NULL,
            closed_at INTEGER, -- the seq of the lowest close
            UNIQUE (log, number)
        ) STRICT;

        CREATE TABLE placement (
            log INTEGER NOT NULL,
            position INTEGER NOT NULL, -- of the first; they rise by one
            replica INTEGER NOT NULL,
            seq INTEGER NOT NULL, -- of the first
            count INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL, -- milliseconds
            running BLOB NOT NULL, -- the running hash after the last
            PRIMARY KEY (log, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX placement_by_op ON placement (replica, seq);

        CREATE TABLE early (
            log INTEGER NOT NULL,
            position INTEGER NOT NULL,
            op INTEGER NOT NULL, -- op key
            PRIMARY KEY (log, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE aim (
            target INTEGER NOT NULL, -- op key of what may be erased
            op INTEGER NOT NULL, -- op key of what erases it, or goes with it
            PRIMARY KEY (target, op)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE erased_import (
            log INTEGER NOT NULL,
            key INTEGER NOT NULL, -- by which a later copy of an erased line is known
            PRIMARY KEY (log, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE membership (
            workspace BLOB NOT NULL,
            user TEXT NOT NULL,
            log INTEGER NOT NULL,
            is_member INTEGER NOT NULL,
            changed_at INTEGER NOT NULL, -- when that was accepted, milliseconds
            PRIMARY KEY (workspace, user, log)
        ) STRICT, WITHOUT ROWID;
        """
}
