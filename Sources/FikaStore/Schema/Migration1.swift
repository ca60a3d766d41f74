/// The first format of a store's tables; `Specs/store.md` explains them.
package enum Migration1 {
    /// The log: never rebuilt, what everything else is derived from.
    static let log = ops + own

    /// What a holder of any sort keeps of logs: ops and what vouches for them.
    package static let ops = """
        CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value ANY
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE log (
            id INTEGER PRIMARY KEY,
            log_id BLOB NOT NULL UNIQUE,
            preimage BLOB, -- of a derived id
            highest_time INTEGER NOT NULL DEFAULT 0 -- raw; of sealed ops that count for the clock
        ) STRICT;

        CREATE TABLE replica (
            id INTEGER PRIMARY KEY,
            log INTEGER NOT NULL REFERENCES log,
            replica_id BLOB NOT NULL,
            own INTEGER NOT NULL DEFAULT 0, -- 1: this store writes as it, 2: it did once
            is_import INTEGER NOT NULL DEFAULT 0,
            intro_time INTEGER, -- NULL while it is only named by others' ops
            intro_body BLOB,
            intro_signature BLOB, -- NULL while its own introduction is unsealed
            refused_from INTEGER, -- the relay takes none of its ops from this seq on
            UNIQUE (log, replica_id)
        ) STRICT;

        CREATE TABLE have (
            replica INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            chain_before BLOB NOT NULL,
            chain_end BLOB NOT NULL,
            tail BLOB, -- op hashes up to the covering seal
            PRIMARY KEY (replica, first)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE seal (
            replica INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            chain BLOB NOT NULL,
            signature BLOB NOT NULL,
            PRIMARY KEY (replica, seq)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE segment (
            id INTEGER PRIMARY KEY,
            log INTEGER NOT NULL REFERENCES log,
            ops INTEGER NOT NULL,
            time_first INTEGER NOT NULL, -- lowest raw time
            time_last INTEGER NOT NULL, -- highest raw time
            is_import INTEGER NOT NULL, -- merges only with its like
            block BLOB NOT NULL
        ) STRICT;
        CREATE INDEX segment_by_time ON segment (log, time_last);

        CREATE TABLE segment_run (
            replica INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            segment INTEGER NOT NULL REFERENCES segment,
            PRIMARY KEY (replica, first)
        ) STRICT, WITHOUT ROWID;

        """

    /// What a client has beside: its own writing, and what the relay said of it.
    private static let own = """
        CREATE TABLE unsealed (
            op INTEGER PRIMARY KEY, -- op key
            kind INTEGER NOT NULL,
            time INTEGER NOT NULL,
            written_at INTEGER NOT NULL, -- milliseconds of this device's clock, uncorrected
            held_time INTEGER NOT NULL, -- the log's highest_time when it was written
            target BLOB, -- replica id and seq
            origin BLOB, -- replica id, seq and body hash
            salt INTEGER,
            body BLOB NOT NULL
        ) STRICT;

        CREATE TABLE outbox (
            first INTEGER PRIMARY KEY, -- op key of the first op of the range
            last INTEGER NOT NULL, -- op key of the last one
            written_at INTEGER NOT NULL,
            is_import INTEGER NOT NULL DEFAULT 0, -- imports go last
            state INTEGER NOT NULL DEFAULT 0, -- 0 queued, 1 held, 2 refused
            reason INTEGER -- of a refusal: the close's
        ) STRICT;
        CREATE INDEX outbox_queued ON outbox (is_import, written_at, first) WHERE state = 0;

        CREATE TABLE acceptance (
            first INTEGER PRIMARY KEY, -- op key of the first op of the range
            last INTEGER NOT NULL, -- op key of the last one
            position INTEGER NOT NULL, -- of the first; they rise by one
            accepted_at INTEGER NOT NULL, -- milliseconds of the relay's clock
            log INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX acceptance_by_position ON acceptance (log, position);

        CREATE TABLE erasure (
            op INTEGER PRIMARY KEY, -- op key
            is_done INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sync (
            log INTEGER PRIMARY KEY REFERENCES log,
            epoch INTEGER NOT NULL, -- whose order the cursor is in
            position INTEGER NOT NULL, -- of the cursor
            running BLOB NOT NULL,
            access BLOB NOT NULL,
            told INTEGER NOT NULL, -- the highest position that was told of
            access_position INTEGER NOT NULL, -- all access ops up to here are held
            is_ended INTEGER NOT NULL -- the user may not read it any more
        ) STRICT;

        CREATE TABLE head (
            log INTEGER NOT NULL REFERENCES log,
            is_joined INTEGER NOT NULL, -- 0: the cursor is not there yet
            epoch INTEGER NOT NULL,
            position INTEGER NOT NULL,
            running BLOB NOT NULL,
            access BLOB NOT NULL,
            signature BLOB NOT NULL,
            PRIMARY KEY (log, is_joined)
        ) STRICT, WITHOUT ROWID;
        """
}
